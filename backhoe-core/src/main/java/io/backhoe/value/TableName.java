package io.backhoe.value;

import org.jspecify.annotations.Nullable;

/** A table as a person wrote it ({@code orders}, {@code shop.orders}) or, with its schema, as the server knows it. */
public record TableName(@Nullable String schema, String name) {
    public TableName {
        if (name.isEmpty() || (schema != null && schema.isEmpty())) {
            throw new IllegalArgumentException("a table name has a name, and a schema is not empty");
        }
    }

    /**
     * Reads {@code table}, {@code schema.table} and their quoted forms ({@code "My Schema"."my.table"}). Unquoted names
     * are folded to lower case, as PostgreSQL does.
     *
     * @throws IllegalArgumentException when the text is none of these
     */
    public static TableName parse(String text) {
        var parts = new java.util.ArrayList<String>();
        int at = 0;
        while (true) {
            var part = new StringBuilder();
            if (at < text.length() && text.charAt(at) == '"') {
                at = quoted(text, at + 1, part);
            } else {
                while (at < text.length() && text.charAt(at) != '.') {
                    char c = text.charAt(at++);
                    if (!(Character.isLetterOrDigit(c) || c == '_' || c == '$')) {
                        throw new IllegalArgumentException(
                                "'" + text + "' is not a table name; quote it: \"" + text + "\"");
                    }
                    part.append(Character.toLowerCase(c));
                }
            }
            parts.add(part.toString());
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at++) != '.') {
                throw new IllegalArgumentException("'" + text + "' is not a table name");
            }
        }
        if (parts.size() > 2 || parts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("'" + text + "' is not table or schema.table");
        }
        return parts.size() == 1 ? new TableName(null, parts.get(0)) : new TableName(parts.get(0), parts.get(1));
    }

    private static int quoted(String text, int from, StringBuilder into) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                into.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                into.append('"');
                at++;
            } else {
                return at;
            }
        }
        throw new IllegalArgumentException("'" + text + "' has a quote that is not closed");
    }

    /** As a person reads it, quoted only where it would not parse back to the same name. */
    @Override
    public String toString() {
        return schema == null ? plain(name) : plain(schema) + "." + plain(name);
    }

    private static String plain(String part) {
        boolean simple = part.codePoints().allMatch(c -> c == '_' || c == '$' || Character.isLetterOrDigit(c))
                && part.equals(part.toLowerCase(java.util.Locale.ROOT));
        return simple ? part : SqlName.always(part);
    }
}
