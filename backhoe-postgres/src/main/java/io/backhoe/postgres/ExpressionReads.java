package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.Lineage;
import io.backhoe.database.Reads;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What SQL reads, in the server's own reading of it: each piece is made a temporary view, of which the server keeps what it
 * depends on, by column; all are rolled back. Where a piece reads what is not kept there, that is noticed: a whole row, which
 * depends on no column, and a function or operator of somebody's own that may look at tables itself.
 */
final class ExpressionReads {
    private static final String VIEWS = "v.relnamespace = pg_my_temp_schema() AND v.relname LIKE 'backhoe\\_reads\\_%'";

    private final Session session;
    private final BatchShape shape;
    private final Map<String, Reads> reads = new LinkedHashMap<>();
    private final Set<String> more = new HashSet<>();
    private int views;

    private ExpressionReads(Session session, BatchShape shape) {
        this.session = session;
        this.shape = shape;
    }

    static Lineage of(Session session, BatchShape shape) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            return new ExpressionReads(session, shape).lineage();
        } finally {
            session.rollback();
        }
    }

    private Lineage lineage() {
        String from = view("1");
        String on = shape.on() == null ? from : view(shape.on());
        var filters = new ArrayList<String>();
        if (shape.where() != null) {
            filters.add(view(shape.where()));
        }
        if (shape.preserveExisting()) {
            shape.set().keySet().forEach(column -> filters.add(view(missing(column))));
        }
        var values = new LinkedHashMap<String, String>();
        shape.set().forEach((column, expression) -> values.put(column, view(expression)));
        ask();

        Reads source = read(from);
        var known = new LinkedHashMap<String, Reads>();
        values.forEach((column, view) -> {
            // What a subquery or a join in FROM reads is told of every view alike, whatever its expression is about.
            if (!source.hasColumns() && !more.contains(view)) {
                known.put(column, read(view).without(source));
            }
        });
        Reads filter = filters.stream().map(this::read).reduce(Reads.NOTHING, Reads::and);
        if (shape.chunkColumn() != null) {
            filter = filter.and(
                    Reads.of(shape.table(), List.of(shape.chunkColumn().name())));
        }
        return new Lineage(
                known, read(on).and(source).without(Reads.of(shape.table(), List.of())), filter.without(source));
    }

    private String missing(String column) {
        String given = shape.missingWhen().get(column);
        return given == null ? Identifiers.qualified(shape.table(), column) + " IS NULL" : given;
    }

    private Reads read(String view) {
        return reads.getOrDefault(view, Reads.NOTHING);
    }

    /** A row of no named type, ROW(1, 2), cannot be a column of a view; whether it is NULL can. */
    private String view(String expression) {
        String name = "backhoe_reads_" + ++views;
        session.execute("CREATE TEMPORARY VIEW " + name + " AS SELECT (" + expression + "\n) IS NULL AS told FROM "
                + Identifiers.quote(shape.table()) + (shape.sources() == null ? "" : ", " + shape.sources() + "\n"));
        return name;
    }

    private void ask() {
        session.query("""
                        SELECT v.relname, n.nspname, c.relname, a.attname
                        FROM pg_class v
                        JOIN pg_rewrite r ON r.ev_class = v.oid
                        JOIN pg_depend d ON d.classid = CAST('pg_rewrite' AS regclass) AND d.objid = r.oid
                                        AND d.refclassid = CAST('pg_class' AS regclass) AND d.refobjid <> v.oid
                        JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
                        WHERE %s
                        ORDER BY v.relname, n.nspname, c.relname, a.attnum
                        """.formatted(VIEWS), Map.of()).forEach(this::add);
        session.query("""
                        SELECT v.relname
                        FROM pg_class v
                        JOIN pg_rewrite r ON r.ev_class = v.oid
                        WHERE %s
                          AND (CAST(r.ev_action AS text) LIKE '%%:varattno 0 %%'
                               OR EXISTS (SELECT
                                          FROM pg_depend d
                                          LEFT JOIN pg_operator o ON d.refclassid = CAST('pg_operator' AS regclass)
                                                                 AND o.oid = d.refobjid
                                          JOIN pg_proc p ON p.oid = coalesce(CAST(o.oprcode AS oid), d.refobjid)
                                          WHERE d.classid = CAST('pg_rewrite' AS regclass) AND d.objid = r.oid
                                            AND d.refclassid IN (CAST('pg_proc' AS regclass),
                                                                 CAST('pg_operator' AS regclass))
                                            AND p.provolatile <> 'i'))
                        """.formatted(VIEWS), Map.of()).forEach(row -> more.add(row.required(0)));
    }

    private void add(Row row) {
        String column = row.text(3);
        var table = new TableName(row.required(1), row.required(2));
        reads.merge(row.required(0), Reads.of(table, column == null ? List.of() : List.of(column)), Reads::and);
    }
}
