package io.backhoe.backfill;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table that is odd in one way, and a backfill of it.
 *
 * @param sentence what is odd
 * @param sql makes the table
 * @param table its name, as it stands in SQL
 * @param scope what stands in the spec beside the table
 * @param inScope which rows that is, as SQL
 * @param set column and expression, as they stand in SQL
 * @param strategy what stands in the spec beside the defaults of these tests
 */
record Animal(
        String sentence,
        String sql,
        String table,
        String scope,
        String inScope,
        Map<String, String> set,
        String strategy) {

    /** Adds one to {@code n} of every row of {@code t}, by key. */
    static Animal of(String sentence) {
        return new Animal(sentence, "", "t", "", "true", Map.of("n", "n + 1"), "chunk_by: key, chunk_size: 50");
    }

    Animal made(String statements) {
        return new Animal(sentence, statements, table, scope, inScope, set, strategy);
    }

    Animal called(String name) {
        return new Animal(sentence, sql, name, scope, inScope, set, strategy);
    }

    Animal scope(String yaml, String condition) {
        return new Animal(sentence, sql, table, yaml, condition, set, strategy);
    }

    /** The rows of 2023, of a column of timestamps with time zone or of dates. */
    Animal year(String column) {
        return scope(
                "date_column: " + quoted(column) + "\n    date_range: { start: 2023-01-01, end: 2024-01-01 }",
                column + " >= '2023-01-01 00:00Z' AND " + column + " < '2024-01-01 00:00Z'");
    }

    /** Another column is set, too. */
    Animal set(String column, String expression) {
        var more = new LinkedHashMap<>(set);
        more.put(column, expression);
        return new Animal(sentence, sql, table, scope, inScope, more, strategy);
    }

    /** Nothing is set so far. */
    Animal settingOnly() {
        return new Animal(sentence, sql, table, scope, inScope, Map.of(), strategy);
    }

    Animal strategy(String yaml) {
        return new Animal(sentence, sql, table, scope, inScope, set, yaml);
    }

    /** The backfill as a person writes it. */
    String yaml() {
        return """
                backfill:
                  name: zoo
                  scope:
                    table: %s
                    %s
                  transform:
                    set: { %s }
                  strategy: { parallelism: 2, preserve_existing: false, %s }
                """.formatted(
                        quoted(table),
                        scope,
                        set.entrySet().stream()
                                .map(e -> quoted(e.getKey()) + ": " + quoted(e.getValue()))
                                .collect(Collectors.joining(", ")),
                        strategy);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The same by hand, in one statement. */
    String update() {
        return "UPDATE " + table + " SET "
                + set.entrySet().stream()
                        .map(e -> e.getKey() + " = (" + e.getValue() + ")")
                        .collect(Collectors.joining(", "))
                + " WHERE " + inScope;
    }

    @Override
    public String toString() {
        return sentence;
    }
}
