package io.backhoe.spec;

import io.backhoe.value.TableName;
import java.util.LinkedHashSet;
import java.util.Set;

/** A column's name between what people write and what the server calls it. */
public final class ColumnName {
    private ColumnName() {}

    /**
     * Reads an SQL identifier: unquoted is folded to lower case, {@code "Tier"} in double quotes stays.
     *
     * @throws IllegalArgumentException when the text is not one identifier
     */
    public static String parse(String text) {
        TableName read;
        try {
            read = TableName.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not the name of a column", e);
        }
        if (read.schema() != null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not the name of a column: write it without its table");
        }
        return read.name();
    }

    /** Reads each; what is no name, and what is given twice, is a problem of its own. */
    static Set<String> all(Iterable<Value> items) {
        Set<String> columns = new LinkedHashSet<>();
        for (Value item : items) {
            String text = item.text();
            try {
                if (text != null && !columns.add(parse(text))) {
                    item.problem("column " + text + " was already given");
                }
            } catch (IllegalArgumentException e) {
                item.problem(String.valueOf(e.getMessage()));
            }
        }
        return columns;
    }

    /** The text that {@link #parse} reads as this name. */
    public static String text(String column) {
        return new TableName(null, column).toString();
    }
}
