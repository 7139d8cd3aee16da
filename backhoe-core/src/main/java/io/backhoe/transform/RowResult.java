package io.backhoe.transform;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with a row: columns to set, or nothing. A value may be null (NULL), a text in the server's form, which
 * serves every type, or one of the Java types that {@link InputRow} lists. Immutable.
 */
public final class RowResult {
    private static final RowResult LEAVE = new RowResult(Map.of());

    private final Map<String, @Nullable Object> values;

    private RowResult(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    /** The row stays as it is. */
    public static RowResult leave() {
        return LEAVE;
    }

    /** @param column one of the spec's {@code columns}, as the server writes its name */
    public static RowResult set(String column, @Nullable Object value) {
        return LEAVE.and(column, value);
    }

    /** Columns that are not among them stay as they are. */
    public static RowResult set(Map<String, ? extends @Nullable Object> values) {
        return new RowResult(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** The same, and one more column. */
    public RowResult and(String column, @Nullable Object value) {
        var more = new LinkedHashMap<>(values);
        more.put(column, value);
        return new RowResult(Collections.unmodifiableMap(more));
    }

    /** Column to value; nothing where the row stays. */
    public Map<String, @Nullable Object> values() {
        return values;
    }
}
