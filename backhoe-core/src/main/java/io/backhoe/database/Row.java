package io.backhoe.database;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row of a result: each value in the server's text form, or null. */
public record Row(List<@Nullable String> values) {
    public Row {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** The value in a column, counted from 0. */
    public @Nullable String text(int column) {
        return values.get(column);
    }

    /**
     * The value in a column that is never null.
     *
     * @throws NullPointerException when the value is null
     */
    public String required(int column) {
        String value = values.get(column);
        if (value == null) {
            throw new NullPointerException("column " + column + " is null");
        }
        return value;
    }

    public long number(int column) {
        return Long.parseLong(required(column));
    }

    /** Reads the server's {@code t} or {@code true}. */
    public boolean yes(int column) {
        return required(column).startsWith("t");
    }
}
