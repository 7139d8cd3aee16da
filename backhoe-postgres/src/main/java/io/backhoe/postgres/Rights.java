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

/** Which GRANTs are missing. */
final class Rights {
    private Rights() {}

    static List<String> missing(Session session, TableFacts table, Set<String> columns) {
        var values = new LinkedHashMap<String, String>();
        values.put("schema", Objects.requireNonNull(table.name().schema()));
        values.put("table", Identifiers.quote(table.name()));
        // A column that does not exist is for others to report, with a suggestion.
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
        String sql = """
                SELECT 'GRANT ' || wanted || ' TO ' || quote_ident(current_user) || ';'
                FROM (
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
                    UNION ALL
                    SELECT 4, has_schema_privilege(oid, 'USAGE') AND has_schema_privilege(oid, 'CREATE'),
                           'USAGE, CREATE ON SCHEMA backhoe'
                    FROM pg_namespace
                    WHERE nspname = 'backhoe'
                    UNION ALL
                    -- The ledger's schema is made by the first run, or by a DBA before it.
                    SELECT 5, has_database_privilege(current_database(), 'CREATE'),
                           'CREATE ON DATABASE ' || quote_ident(current_database())
                    WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'backhoe')
                ) AS rights (place, held, wanted)
                WHERE NOT held
                ORDER BY place, wanted
                """.formatted(updates);
        return session.query(sql, Map.copyOf(values)).stream()
                .map(row -> row.required(0))
                .toList();
    }
}
