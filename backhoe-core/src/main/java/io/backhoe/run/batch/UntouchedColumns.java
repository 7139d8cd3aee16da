package io.backhoe.run.batch;

import io.backhoe.database.BatchSql;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Row;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Columns that a batch must leave as they are, compared by a digest of each before and after the write, inside its
 * transaction and of one snapshot. Immutable.
 *
 * @param sql reads one row for a range of keys: the number of rows, then a digest of each column
 * @param every one batch in so many is compared, the first that a worker does of a segment among them; at least 1
 */
public record UntouchedColumns(String sql, List<String> columns, int every) {
    /** The condition that tells such a failure from others (a check violation). */
    public static final String SQLSTATE = "BH001";

    public UntouchedColumns {
        columns = List.copyOf(columns);
        if (every < 1) {
            throw new IllegalArgumentException("every is at least 1, not " + every);
        }
    }

    /** The same for a run, whose number may stand in it. */
    public UntouchedColumns of(long runId) {
        return new UntouchedColumns(sql.replace(BatchSql.RUN, Long.toString(runId)), columns, every);
    }

    UntouchedColumns in(@Nullable TableName partition) {
        return partition == null
                ? this
                : new UntouchedColumns(sql.replace(BatchSql.PARTITION, SqlName.quote(partition)), columns, every);
    }

    /** @throws DatabaseException naming the columns that are not what they were */
    void compare(Row before, Row after) {
        var changed = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            if (!Objects.equals(before.text(i + 1), after.text(i + 1))) {
                changed.add(columns.get(i));
            }
        }
        boolean moved = !before.required(0).equals(after.required(0));
        if (moved || !changed.isEmpty()) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    SQLSTATE,
                    "verify_untouched_columns_unchanged: the batch also changed "
                            + (moved
                                    ? "which rows lie in its range (" + before.required(0) + " before, "
                                            + after.required(0) + " after)"
                                    : String.join(", ", changed))
                            + ", which it does not set: a trigger does that. The batch was rolled back.",
                    null,
                    null);
        }
    }
}
