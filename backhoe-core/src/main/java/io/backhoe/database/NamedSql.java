package io.backhoe.database;

import io.backhoe.database.SqlLexer.Kind;
import io.backhoe.database.SqlLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SQL with named parameters, turned into what a JDBC driver takes.
 *
 * @param jdbc with a {@code ?} for each parameter, and {@code ??} for each question mark that is an operator
 * @param parameters the names, in the order of the question marks; a name may occur more than once
 */
public record NamedSql(String jdbc, List<String> parameters) {
    public NamedSql {
        parameters = List.copyOf(parameters);
    }

    /**
     * Replaces {@code :name} where the name is one of those given; all else stays. Directly inside a subscript
     * ({@code a[1:n]}) a colon is a slice: write {@code a[(:n)]} there.
     */
    public static NamedSql of(String sql, Set<String> names) {
        var jdbc = new StringBuilder(sql.length());
        var parameters = new ArrayList<String>();
        for (Token token : SqlLexer.tokens(sql)) {
            if (token.kind() == Kind.PARAMETER && names.contains(token.text().substring(1))) {
                jdbc.append('?');
                parameters.add(token.text().substring(1));
            } else if (token.kind() == Kind.SYMBOL && token.text().equals("?")) {
                jdbc.append("??");
            } else {
                jdbc.append(token.text());
            }
        }
        return new NamedSql(jdbc.toString(), parameters);
    }

    /** The SQL with values in place of its parameters, to paste into a console. */
    public static String filledIn(String sql, Map<String, ? extends @Nullable String> values) {
        var text = new StringBuilder(sql.length());
        for (Token token : SqlLexer.tokens(sql)) {
            String name = token.kind() == Kind.PARAMETER ? token.text().substring(1) : "";
            text.append(values.containsKey(name) ? literal(values.get(name)) : token.text());
        }
        return text.toString();
    }

    private static String literal(@Nullable String value) {
        return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
    }
}
