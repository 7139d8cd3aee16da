package io.backhoe.check;

import io.backhoe.database.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values of one column of some rows, as text.
 *
 * @param nulls rows without a value; those are not among the values
 */
record ColumnSample(List<String> values, long nulls) {
    ColumnSample {
        values = List.copyOf(values);
    }

    /** @param place of the column in the rows, from 0 */
    static ColumnSample of(List<Row> rows, int place) {
        var values = new ArrayList<String>();
        long nulls = 0;
        for (Row row : rows) {
            @Nullable String value = row.text(place);
            if (value == null) {
                nulls++;
            } else {
                values.add(value);
            }
        }
        return new ColumnSample(values, nulls);
    }

    long rows() {
        return values.size() + nulls;
    }

    double nullRate() {
        return rows() == 0 ? 0 : nulls / (double) rows();
    }

    int distinct() {
        return new HashSet<>(values).size();
    }

    Map<String, Long> counts() {
        var counts = new HashMap<String, Long>();
        values.forEach(v -> counts.merge(v, 1L, Long::sum));
        return counts;
    }

    /** Of a column of numbers. */
    double[] numbers() {
        return values.stream()
                .map(Objects::requireNonNull)
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
