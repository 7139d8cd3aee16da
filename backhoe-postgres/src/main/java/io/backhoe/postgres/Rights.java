package io.backhoe.postgres;

import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which rights filling a table and keeping a ledger need, and which of them are held. */
final class Rights {
    private static final String NAMED = """
            SELECT wanted, held, 'GRANT ' || wanted || ' TO ' || quote_ident(current_user) || ';'
            FROM (%s) AS rights (place, held, wanted)
            ORDER BY place, wanted
            """;

    private Rights() {}

    static List<String> missing(Session session, TableFacts table, Set<String> columns) {
        return Stream.concat(ofTable(session, table, columns).stream(), ofLedger(session).stream())
                .filter(right -> !right.held())
                .map(Right::grant)
                .toList();
    }

    /** A column that does not exist is for others to report, with a suggestion. */
    static List<Right> ofTable(Session session, TableFacts table, Set<String> columns) {
        var values = new LinkedHashMap<String, String>();
        values.put("schema", Objects.requireNonNull(table.name().schema()));
        values.put("table", Identifiers.quote(table.name()));
        List<String> sorted = columns.stream()
                .filter(column -> table.column(column).isPresent())
                .sorted()
                .toList();
        String updates = IntStream.range(0, sorted.size())
                .mapToObj(i -> {
                    values.put("column_" + i, sorted.get(i));
                    return ", (CAST(:column_" + i + " AS text))";
                })
                .collect(Collectors.joining());
        return rights(session, """
                SELECT 1, has_schema_privilege(name, 'USAGE'), 'USAGE ON SCHEMA ' || quote_ident(name)
                FROM (VALUES (CAST(:schema AS text))) AS s (name)
                UNION ALL
                SELECT 2, has_table_privilege(name, 'SELECT'), 'SELECT ON ' || name
                FROM (VALUES (CAST(:table AS text))) AS t (name)
                UNION ALL
                SELECT 3, has_column_privilege(CAST(:table AS text), name, 'UPDATE'),
                       'UPDATE (' || quote_ident(name) || ') ON ' || CAST(:table AS text)
                FROM (VALUES (CAST(NULL AS text))%s) AS c (name)
                WHERE name IS NOT NULL
                """.formatted(updates), values);
    }

    /** The ledger's schema is made by the first run, or by a DBA before it; then its tables have to be granted, too. */
    static List<Right> ofLedger(Session session) {
        return rights(session, """
                SELECT 1, has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE'),
                       'USAGE, CREATE ON SCHEMA backhoe'
                FROM pg_namespace
                WHERE nspname = 'backhoe'
                UNION ALL
                SELECT 2, has_database_privilege(current_database(), 'CREATE'),
                       'CREATE ON DATABASE ' || quote_ident(current_database())
                WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'backhoe')
                UNION ALL
                SELECT 3, has_table_privilege(c.oid, 'SELECT'), 'SELECT ON backhoe.ledger_version'
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'backhoe' AND c.relname = 'ledger_version'
                UNION ALL
                SELECT 4, held, CASE WHEN append_only THEN 'SELECT, INSERT ON ' ELSE 'SELECT, INSERT, UPDATE ON ' END || string_agg('backhoe.' || quote_ident(relname), ', ' ORDER BY relname)
                FROM (
                    SELECT c.relname, c.relname IN ('event', 'check_result', 'baseline', 'exported') AS append_only,
                           has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                               AND (c.relname IN ('event', 'check_result', 'baseline', 'exported')
                                    OR has_table_privilege(c.oid, 'UPDATE')) AS held
                    FROM pg_class c
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'backhoe' AND c.relkind = 'r'
                      AND c.relname <> 'ledger_version' AND c.relname !~ '^(before_image|record)_[0-9]'
                      AND EXISTS (SELECT FROM pg_class v
                                  WHERE v.relnamespace = n.oid AND v.relname = 'ledger_version')
                ) AS tables
                GROUP BY held, append_only
                """, Map.of());
    }

    static List<Right> rights(Session session, String each, Map<String, String> values) {
        return session.query(NAMED.formatted(each), Map.copyOf(values)).stream()
                .map(row -> new Right(row.required(0), row.yes(1), row.required(2)))
                .toList();
    }
}
