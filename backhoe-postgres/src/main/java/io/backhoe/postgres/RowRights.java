package io.backhoe.postgres;

import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Which rights inserting whole rows needs, and deleting them when that is undone. */
final class RowRights {
    private RowRights() {}

    static List<String> missing(Session session, TableFacts table, boolean updates) {
        return Stream.concat(ofTable(session, table, updates).stream(), Rights.ofLedger(session).stream())
                .filter(right -> !right.held())
                .map(Right::grant)
                .toList();
    }

    static List<Right> ofTable(Session session, TableFacts table, boolean updates) {
        return Rights.rights(
                session,
                """
                SELECT 1, has_schema_privilege(name, 'USAGE'), 'USAGE ON SCHEMA ' || quote_ident(name)
                FROM (VALUES (CAST(:schema AS text))) AS s (name)
                UNION ALL
                SELECT 2, has_table_privilege(CAST(:table AS text), name), name || ' ON ' || CAST(:table AS text)
                FROM (VALUES ('SELECT'), ('INSERT'), ('DELETE'), ('UPDATE')) AS r (name)
                WHERE name <> 'UPDATE' OR CAST(:updates AS boolean)
                UNION ALL
                -- An identity is counted on by whoever inserts; the numbers of a serial are a right of their own.
                SELECT 3, has_sequence_privilege(d.objid, 'USAGE'),
                       'USAGE ON SEQUENCE ' || CAST(CAST(d.objid AS regclass) AS text)
                FROM pg_depend d
                JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                WHERE d.classid = CAST('pg_class' AS regclass) AND d.refclassid = CAST('pg_class' AS regclass)
                  AND d.refobjid = CAST(CAST(:table AS text) AS regclass) AND d.deptype = 'a'
                """,
                Map.of(
                        "schema",
                        Objects.requireNonNull(table.name().schema()),
                        "table",
                        Identifiers.quote(table.name()),
                        "updates",
                        Boolean.toString(updates)));
    }
}
