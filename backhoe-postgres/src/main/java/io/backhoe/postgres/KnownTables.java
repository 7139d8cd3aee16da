package io.backhoe.postgres;

import io.backhoe.database.Session;
import io.backhoe.database.TableSchemas;
import io.backhoe.value.TableName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Tables as OpenLineage names them. Of several hosts the first names the server, so that its name stays after a failover. */
final class KnownTables {
    private KnownTables() {}

    static TableSchemas read(PostgresSession session, Collection<TableName> tables) {
        var columns = new LinkedHashMap<TableName, Map<String, String>>();
        for (TableName table : tables) {
            var found = columns(session, table);
            if (!found.isEmpty()) {
                columns.put(table, found);
            }
        }
        String database =
                session.query("SELECT current_database()", Map.of()).get(0).required(0);
        return new TableSchemas(server(session), database, columns);
    }

    private static Map<String, String> columns(Session session, TableName table) {
        var columns = new LinkedHashMap<String, String>();
        session.query("""
                        SELECT a.attname, format_type(a.atttypid, a.atttypmod)
                        FROM pg_attribute a
                        JOIN pg_class c ON c.oid = a.attrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = :schema AND c.relname = :table AND a.attnum > 0 AND NOT a.attisdropped
                        ORDER BY a.attnum
                        """, Map.of("schema", Objects.requireNonNull(table.schema()), "table", table.name()))
                .forEach(row -> columns.put(row.required(0), row.required(1)));
        return columns;
    }

    private static String server(PostgresSession session) {
        Properties place = Driver.parseURL(session.url(), new Properties());
        String host = place == null ? null : PGProperty.PG_HOST.getOrDefault(place);
        String port = place == null ? null : PGProperty.PG_PORT.getOrDefault(place);
        String name = first(host == null ? "localhost" : host);
        boolean bare = name.contains(":") && !name.startsWith("[");
        return "postgres://" + (bare ? "[" + name + "]" : name) + ":" + first(port == null ? "5432" : port);
    }

    private static String first(String list) {
        return list.split(",", 2)[0];
    }
}
