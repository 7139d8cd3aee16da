package io.backhoe.transform;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row as a {@link RowTransform} is given it: its key, and the columns that the spec reads. NULL is null.
 *
 * <table>
 * <caption>The Java type of a value</caption>
 * <tr><td>smallint, integer</td><td>Integer</td></tr>
 * <tr><td>bigint</td><td>Long</td></tr>
 * <tr><td>numeric</td><td>BigDecimal; NaN and the infinities, which that has not, Double</td></tr>
 * <tr><td>real, double precision</td><td>Float, Double</td></tr>
 * <tr><td>boolean</td><td>Boolean</td></tr>
 * <tr><td>date</td><td>LocalDate; the infinities are its MIN and MAX</td></tr>
 * <tr><td>timestamp</td><td>LocalDateTime, likewise</td></tr>
 * <tr><td>timestamp with time zone</td><td>OffsetDateTime, likewise, at the offset of the scope's time zone</td></tr>
 * <tr><td>time</td><td>LocalTime; 24:00 is its MAX</td></tr>
 * <tr><td>uuid</td><td>UUID</td></tr>
 * <tr><td>bytea</td><td>byte[]</td></tr>
 * <tr><td>any other, and of a domain the type beneath it</td><td>String, in the server's text form</td></tr>
 * </table>
 *
 * Immutable.
 */
public final class InputRow {
    private final RowColumns columns;
    private final List<@Nullable String> texts;

    /** @param texts in the order of the columns */
    InputRow(RowColumns columns, List<@Nullable String> texts) {
        this.columns = columns;
        this.texts = texts;
    }

    /**
     * @param column of the key or of those read, as the server writes its name
     * @throws IllegalArgumentException when it is neither
     */
    public @Nullable Object get(String column) {
        return value(columns.place(column));
    }

    /** As {@link #get}, in the server's text form; of a bytea the {@code \x} form. */
    public @Nullable String text(String column) {
        return texts.get(columns.place(column));
    }

    /** The key: column to value. */
    public Map<String, @Nullable Object> key() {
        return values(0, columns.keys().size());
    }

    /** What was read: column to value. */
    public Map<String, @Nullable Object> values() {
        return values(columns.keys().size(), columns.size());
    }

    RowColumns columns() {
        return columns;
    }

    List<@Nullable String> texts() {
        return texts;
    }

    private Map<String, @Nullable Object> values(int from, int to) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = from; i < to; i++) {
            values.put(columns.name(i), value(i));
        }
        return Collections.unmodifiableMap(values);
    }

    private @Nullable Object value(int place) {
        String text = texts.get(place);
        return text == null ? null : SqlValue.read(columns.types().get(place), text);
    }
}
