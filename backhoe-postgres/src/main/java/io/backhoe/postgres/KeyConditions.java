package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rows between two keys, as conditions. An open end is NULL, and a plan made for given values drops the condition:
 * so one statement serves the first, the middle and the last batch, each with a range of the index.
 */
final class KeyConditions {
    private final List<String> columns;
    private final List<String> types;

    /**
     * @param columns as they stand in the statement
     * @param facts their types
     */
    KeyConditions(List<String> columns, List<ColumnFacts> facts) {
        this.columns = columns;
        this.types = facts.stream().map(ColumnFacts::type).toList();
    }

    List<String> all() {
        return List.of(side("after", ">", ">="), side("upto", "<=", "<="));
    }

    /** @param leading compares the first column alone: the server's estimates know columns, not rows */
    private String side(String parameter, String row, String leading) {
        String first = bound(parameter, 1);
        String open = first + " IS NULL OR ";
        if (columns.size() == 1) {
            return "(" + open + columns.get(0) + " " + row + " " + first + ")";
        }
        return "(" + open + "(" + columns.get(0) + " " + leading + " " + first + "\n         AND (" + list() + ") "
                + row + " " + bounds(parameter, 1) + "))";
    }

    /**
     * The same, said so that the server estimates it rightly: it takes the comparisons of rows for further conditions, each of
     * which leaves a part, and expects a fraction of the rows that there are. Here the values of the first column bound the range of the
     * index, and what shares the first of its ends is left out by a filter. A batch that begins and ends at the same first value is
     * bounded by rows all the same: it may be one of many there.
     */
    List<String> spread() {
        if (columns.size() == 1) {
            return all();
        }
        String first = columns.get(0);
        String after = bound("after", 1);
        String upto = bound("upto", 1);
        return List.of(
                "(" + after + " IS NULL OR (" + first + " >= " + after + "\n         AND NOT (" + first + " = " + after
                        + " AND " + rest("<=", "after") + ")))",
                "(" + upto + " IS NULL OR (" + first + " <= " + upto + "\n         AND NOT (" + first + " = " + upto
                        + " AND " + rest(">", "upto") + ")))",
                "(" + after + " IS DISTINCT FROM " + upto + " OR " + after + " IS NULL\n         OR ((" + list()
                        + ") > " + bounds("after", 1) + " AND (" + list() + ") <= " + bounds("upto", 1) + "))");
    }

    /** The columns after the first, beside an end. */
    private String rest(String comparison, String parameter) {
        var rest = columns.subList(1, columns.size());
        return rest.size() == 1
                ? rest.get(0) + " " + comparison + " " + bound(parameter, 2)
                : "(" + String.join(", ", rest) + ") " + comparison + " " + bounds(parameter, 2);
    }

    private String bounds(String parameter, int from) {
        return IntStream.rangeClosed(from, columns.size())
                .mapToObj(i -> bound(parameter, i))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    String list() {
        return String.join(", ", columns);
    }

    private String bound(String parameter, int place) {
        return "CAST(:" + parameter + "_" + place + " AS " + types.get(place - 1) + ")";
    }

    /**
     * The boundary of the next rows of a table that fulfil the conditions: the last of their keys, and how many they are. A
     * whole batch is skipped to its last row in the index, without a look at any of them; only what is less than
     * that is counted.
     */
    static String boundary(List<String> columns, String table, List<String> conditions) {
        String order = String.join(", ", columns);
        return """
                WITH backhoe_whole AS MATERIALIZED (
                    SELECT %s
                    FROM %s
                    WHERE %s
                    ORDER BY %s
                    OFFSET CAST(:batch_rows AS bigint) - 1
                    LIMIT 1
                )
                SELECT %s, CAST(:batch_rows AS bigint)
                FROM backhoe_whole
                UNION ALL
                (%s)""".formatted(
                        keys(columns),
                        table,
                        String.join("\n      AND ", conditions),
                        order,
                        texts(columns, ""),
                        counted(columns, table, and(conditions, "NOT EXISTS (SELECT FROM backhoe_whole)")));
    }

    private static List<String> and(List<String> conditions, String one) {
        return Stream.concat(conditions.stream(), Stream.of(one)).toList();
    }

    /** The same where rows are what a query yields, which has to be asked for each of them anyhow. */
    static String counted(List<String> columns, String from, List<String> conditions) {
        String order = String.join(", ", columns);
        return """
                SELECT %s, batch.place
                FROM (
                    SELECT %s,
                           row_number() OVER (ORDER BY %s) AS place
                    FROM %s
                    WHERE %s
                    ORDER BY %s
                    LIMIT CAST(:batch_rows AS bigint)
                ) AS batch
                ORDER BY batch.place DESC
                LIMIT 1""".formatted(
                texts(columns, "batch."), keys(columns), order, from, String.join("\n      AND ", conditions), order);
    }

    private static String keys(List<String> columns) {
        return IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> columns.get(i - 1) + " AS key_" + i)
                .collect(Collectors.joining(", "));
    }

    private static String texts(List<String> columns, String of) {
        return IntStream.rangeClosed(1, columns.size())
                .mapToObj(i -> "CAST(" + of + "key_" + i + " AS text)")
                .collect(Collectors.joining(", "));
    }
}
