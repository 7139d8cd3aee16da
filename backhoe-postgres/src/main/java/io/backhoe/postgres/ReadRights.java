package io.backhoe.postgres;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a SELECT reads that the role may not read. The server says that of one table at a time, and without its schema; but
 * whoever has a statement parsed holds a lock on each table that it names, whatever he may do with it.
 */
final class ReadRights {
    private static final String STATEMENT = "backhoe_read";

    /** Schemas in which the server looks up nothing for this role. */
    private static final String SCHEMAS = """
            SELECT 'USAGE ON SCHEMA ' || quote_ident(nspname), false,
                   'GRANT USAGE ON SCHEMA ' || quote_ident(nspname) || ' TO ' || quote_ident(current_user) || ';'
            FROM pg_namespace
            WHERE (position('"' || replace(nspname, '"', '""') || '".' IN CAST(:sql AS text)) > 0
                   OR quote_ident(nspname) = nspname
                      AND CAST(:sql AS text) ~* ('(^|[^[:alnum:]_$".])' || nspname || '[[:space:]]*[.]'))
              AND NOT has_schema_privilege(oid, 'USAGE')
            ORDER BY nspname
            """;

    /** What lies beneath a view is read with the rights of its owner, unless it says otherwise. */
    private static final String TABLES = """
            SELECT name, held, 'GRANT ' || name || ' TO ' || quote_ident(current_user) || ';'
            FROM (
                SELECT DISTINCT 'SELECT ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
                       has_table_privilege(c.oid, 'SELECT') AS held
                FROM pg_locks l
                JOIN pg_class c ON c.oid = l.relation
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation'
                  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                  AND c.oid IS DISTINCT FROM to_regclass(NULLIF(CAST(:but AS text), ''))
                  AND NOT EXISTS (
                      SELECT FROM pg_locks b
                      JOIN pg_class v ON v.oid = b.relation AND v.relkind = 'v' AND v.oid <> c.oid
                      JOIN pg_rewrite r ON r.ev_class = v.oid
                      JOIN pg_depend d ON d.classid = CAST('pg_rewrite' AS regclass) AND d.objid = r.oid
                                      AND d.refclassid = CAST('pg_class' AS regclass) AND d.refobjid = c.oid
                      WHERE b.pid = pg_backend_pid() AND b.locktype = 'relation'
                        AND NOT EXISTS (
                            SELECT FROM pg_options_to_table(v.reloptions) o
                            WHERE o.option_name = 'security_invoker' AND CAST(o.option_value AS boolean)))
            ) AS tables
            ORDER BY name
            """;

    private ReadRights() {}

    /**
     * The tables that it reads, and schemas that keep them from being seen; each with whether the role may read it.
     *
     * @param session in a transaction, which stays whole
     * @param but a table that is asked about elsewhere, as SQL names it
     * @throws DatabaseException when the SQL does not work for another reason than a right
     */
    static List<Right> of(Session session, String select, String but) {
        String denial = denial(session, select);
        var read = parsed(session, select, but);
        if (denial.isEmpty()) {
            // A right to the columns that are read will do; and then the server has not minded.
            return read.orElse(List.of()).stream()
                    .map(r -> new Right(r.what(), true, r.grant()))
                    .toList();
        }
        if (read.isEmpty()) {
            List<Right> closed = rights(session, SCHEMAS, Map.of("sql", select));
            if (!closed.isEmpty()) {
                return closed;
            }
        }
        return named(denial, read.orElse(List.of()));
    }

    /** Empty where the role may not even look up what it names. */
    private static Optional<List<Right>> parsed(Session session, String select, String but) {
        session.execute("SAVEPOINT backhoe_read");
        boolean prepared = false;
        try {
            session.execute("PREPARE " + STATEMENT + " AS " + select);
            prepared = true;
            return Optional.of(rights(session, TABLES, Map.of("but", but)));
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.PERMISSION) {
                throw e;
            }
            return Optional.empty();
        } finally {
            session.execute("ROLLBACK TO SAVEPOINT backhoe_read");
            if (prepared) {
                // No rollback forgets it.
                session.execute("DEALLOCATE " + STATEMENT);
            }
        }
    }

    /** The GRANTs that are missing; none where that cannot be told. */
    static List<String> missing(Session session, String select, String but) {
        return of(session, select, but).stream()
                .filter(right -> !right.held())
                .map(Right::grant)
                .toList();
    }

    /** Something is not allowed: where it is no table, the server's own words are all that there is. */
    private static List<Right> named(String words, List<Right> read) {
        var all = new ArrayList<>(read);
        if (read.stream().allMatch(Right::held)) {
            all.add(new Right("what the SQL reads or calls (" + words + ")", false, "Ask the owner for it: " + words));
        }
        return all;
    }

    /** The server's words; empty where it has nothing against it. */
    private static String denial(Session session, String select) {
        session.execute("SAVEPOINT backhoe_asked");
        try {
            session.query("EXPLAIN " + select, Map.of());
            return "";
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.PERMISSION) {
                throw e;
            }
            return e.getMessage();
        } finally {
            session.execute("ROLLBACK TO SAVEPOINT backhoe_asked");
        }
    }

    private static List<Right> rights(Session session, String sql, Map<String, String> values) {
        return session.query(sql, values).stream()
                .map(row -> new Right(row.required(0), row.yes(1), row.required(2)))
                .toList();
    }
}
