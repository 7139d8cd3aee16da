package io.backhoe.spec;

import io.backhoe.value.TableName;

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

    /** The text that {@link #parse} reads as this name. */
    public static String text(String column) {
        return new TableName(null, column).toString();
    }
}
