package io.backhoe.postgres;

import io.backhoe.database.Session;
import io.backhoe.value.TableName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tells a snapshot that is older than a table. What the snapshot shows of {@code pg_class} is the file that the table had, and
 * {@code pg_relation_filenode} looks past it at the one that it has: whoever rewrites or empties a table gives it another one,
 * and a table that took the place of another is not there yet.
 */
final class OutdatedSnapshot {
    /** All that the transaction has read or written, and catalogs. */
    private static final String LOCKED = """
            SELECT l.relation
            FROM pg_locks l
            WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid()
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.relation >= 16384""";

    private OutdatedSnapshot() {}

    /** @param tables none for all that the transaction has a lock on */
    static boolean of(Session session, Set<TableName> tables) {
        Map<String, String> names = new HashMap<>();
        tables.forEach(table -> names.put("table_" + names.size(), Identifiers.quote(table)));
        String oids = names.isEmpty()
                ? LOCKED
                : IntStream.range(0, names.size())
                        .mapToObj(i -> "SELECT CAST(to_regclass(:table_" + i + ") AS oid)")
                        .collect(Collectors.joining(" UNION "));
        return session.query("""
                        WITH RECURSIVE tables(table_oid) AS (
                            SELECT table_oid FROM (%s) AS named(table_oid) WHERE table_oid IS NOT NULL
                            UNION
                            SELECT i.inhrelid FROM tables t JOIN pg_inherits i ON i.inhparent = t.table_oid)
                        SELECT count(*)
                        FROM tables t
                        LEFT JOIN pg_class c ON c.oid = t.table_oid
                        WHERE c.oid IS NULL
                           OR c.relfilenode <> coalesce(pg_relation_filenode(CAST(c.oid AS regclass)), c.relfilenode)
                        """.formatted(oids), names).get(0).number(0) > 0;
    }
}
