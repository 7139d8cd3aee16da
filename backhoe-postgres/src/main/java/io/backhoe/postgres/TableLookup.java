package io.backhoe.postgres;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds a table as the session's search_path does, and refuses what cannot be filled. */
final class TableLookup {
    /** @param oid the server's number of the table, as text */
    record Found(String oid, TableName name) {}

    private TableLookup() {}

    static Found find(Session session, TableName name) {
        String schema = name.schema();
        String quoted = (schema == null ? "" : Identifiers.always(schema) + ".") + Identifiers.always(name.name());
        List<Row> rows = session.query("""
                SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence,
                       n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast'),
                       c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid),
                       EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '2')
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = to_regclass(:name)
                """, Map.of("name", quoted));
        if (rows.isEmpty()) {
            throw notFound(session, name);
        }
        Row row = rows.get(0);
        var found = new TableName(row.required(1), row.required(2));
        refuseOtherThanTable(found, row);
        return new Found(row.required(0), found);
    }

    private static void refuseOtherThanTable(TableName name, Row row) {
        String kind = row.required(3);
        if (row.yes(5)) {
            throw refused("system_catalog", name + " is a system catalog", "name a table of your own");
        } else if (kind.equals("v")) {
            throw refused(
                    "not_a_table",
                    name + " is a view",
                    "name the table beneath it; psql's \\d+ " + name + " shows the definition");
        } else if (kind.equals("m")) {
            throw refused(
                    "not_a_table", name + " is a materialized view", "fill the tables beneath it, then REFRESH it");
        } else if (kind.equals("f")) {
            throw refused("not_a_table", name + " is a foreign table", "fill it on the server that holds it");
        } else if (!kind.equals("r") && !kind.equals("p")) {
            throw refused("not_a_table", name + " is not a table", "name a table");
        } else if (row.required(4).equals("t")) {
            throw refused(
                    "temporary_table",
                    name + " is a temporary table, which other sessions do not see",
                    "name the schema of the table that is meant, such as public." + name.name());
        } else if (row.yes(6)) {
            throw refused(
                    "has_inheritance_children",
                    name + " has tables that inherit from it and are no partitions; their rows have no common key",
                    "fill each of these tables by itself");
        } else if (row.yes(7)) {
            throw refused(
                    "has_update_rules",
                    name + " has a rule that rewrites UPDATE",
                    "drop the rule, or replace it by a trigger; psql's \\d " + name + " shows it");
        }
    }

    private static BackhoeException notFound(Session session, TableName name) {
        List<Row> tables = session.query("""
                SELECT n.nspname, c.relname
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                  AND n.nspname NOT LIKE 'pg\\_%'
                ORDER BY 1, 2
                LIMIT 10000
                """, Map.of());
        var known = tables.stream()
                .map(row -> new TableName(row.required(0), row.required(1)))
                .toList();
        String similar = Spelling.near(name.name(), known, TableName::name).stream()
                .limit(3)
                .map(TableName::toString)
                .collect(Collectors.joining(", "));
        String path = session.query("SELECT current_setting('search_path')", Map.of())
                .get(0)
                .required(0);
        String where = name.schema() == null ? " in the search_path (" + path + ")" : "";
        String hint = similar.isEmpty() ? "check the name, and the database" : "did you mean " + similar + "?";
        return refused("table_not_found", "There is no table " + name + where, hint);
    }

    private static BackhoeException refused(String code, String message, String hint) {
        return new BackhoeException(ExitCode.REFUSED, code, message, hint);
    }
}
