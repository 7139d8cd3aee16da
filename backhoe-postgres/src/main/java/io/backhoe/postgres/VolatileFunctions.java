package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which volatile functions SQL calls, in the server's own reading of it: the parse tree of a temporary view that is
 * rolled back. (Dependencies do not tell: built-in functions are not recorded there.)
 */
final class VolatileFunctions {
    private static final String VIEW = "backhoe_expressions";

    private VolatileFunctions() {}

    static List<String> of(Session session, BatchShape shape) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            session.execute(view(shape));
            return session.query("""
                            WITH RECURSIVE views (oid) AS (
                                SELECT CAST(to_regclass('pg_temp.backhoe_expressions') AS oid)
                                UNION
                                -- Views that it reads are not expanded in its own tree.
                                SELECT d.refobjid
                                FROM views v
                                JOIN pg_rewrite r ON r.ev_class = v.oid
                                JOIN pg_depend d ON d.classid = CAST('pg_rewrite' AS regclass) AND d.objid = r.oid
                                                AND d.refclassid = CAST('pg_class' AS regclass)
                                JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'v'
                            ), called AS (
                                SELECT DISTINCT CAST(m[1] AS oid) AS oid
                                FROM views v
                                JOIN pg_rewrite r ON r.ev_class = v.oid
                                CROSS JOIN regexp_matches(
                                    CAST(r.ev_action AS text),
                                    ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') AS m
                            )
                            SELECT DISTINCT
                                   CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE quote_ident(n.nspname) || '.' END
                                       || quote_ident(p.proname) || '()'
                            FROM called c
                            JOIN pg_proc p ON p.oid = c.oid
                            JOIN pg_namespace n ON n.oid = p.pronamespace
                            WHERE (p.provolatile = 'v' OR p.proname = 'statement_timestamp')
                            ORDER BY 1
                            """, Map.of()).stream()
                    .map(row -> row.required(0))
                    .toList();
        } finally {
            session.rollback();
        }
    }

    private static String view(BatchShape shape) {
        if (shape.source() != null) {
            return "CREATE TEMPORARY VIEW " + VIEW + " AS SELECT * FROM ("
                    + shape.source().sql() + "\n) AS backhoe_query";
        }
        var expressions = new ArrayList<>(shape.set().values());
        expressions.addAll(shape.missingWhen().values());
        if (shape.on() != null) {
            expressions.add(shape.on());
        }
        if (shape.where() != null) {
            expressions.add(shape.where());
        }
        // A row of no named type, ROW(1, 2), cannot be a column of a view; whether it is NULL can.
        String columns = IntStream.rangeClosed(1, expressions.size())
                .mapToObj(i -> "(" + expressions.get(i - 1) + "\n) IS NULL AS expression_" + i)
                .collect(Collectors.joining(", "));
        return "CREATE TEMPORARY VIEW " + VIEW + " AS SELECT " + columns + " FROM " + Identifiers.quote(shape.table())
                + (shape.sources() == null ? "" : ", " + shape.sources());
    }
}
