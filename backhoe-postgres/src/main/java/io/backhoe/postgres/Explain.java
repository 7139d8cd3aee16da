package io.backhoe.postgres;

import io.backhoe.database.Measured;
import io.backhoe.database.QueryPlan;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Asks the server how it would execute a statement, or has it measure one that it executes. */
final class Explain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Session session;
    private final TableName table;

    Explain(Session session, TableName table) {
        this.session = session;
        this.table = table;
    }

    QueryPlan plan(String column, String sql, Map<String, ? extends @Nullable String> parameters) {
        JsonNode root = json("EXPLAIN (FORMAT JSON, VERBOSE) " + sql, parameters);
        String text = session.query("EXPLAIN " + sql, parameters).stream()
                .map(row -> row.required(0))
                .map(line -> line.contains("Cond: ") || line.contains("Filter: ") ? named(line, parameters) : line)
                .collect(Collectors.joining("\n"));
        var accesses = PlanReader.accesses(root.path("Plan"), table.name(), column).stream()
                .map(this::sized)
                .toList();
        return new QueryPlan(text, accesses);
    }

    /** Row values do not belong into a file that is committed: each gives way to the name of its parameter. */
    private static String named(String line, Map<String, ? extends @Nullable String> parameters) {
        String named = line;
        for (var entry : parameters.entrySet()) {
            String value = entry.getValue();
            boolean ofARange = entry.getKey().matches("(after|upto|chunk)_.*");
            if (value != null && ofARange) {
                String quoted = Pattern.quote("'" + value.replace("'", "''") + "'");
                String bare = "(?<=[<>=] |ROW\\(|, )" + Pattern.quote(value) + "(?=[,)])";
                named = named.replaceAll(quoted + "|" + bare, Matcher.quoteReplacement(":" + entry.getKey()));
            }
        }
        return named;
    }

    /** Only where it matters: what a small table is read by is all the same. */
    private QueryPlan.Access sized(PlanReader.Found found) {
        var access = found.access();
        List<Row> sizes = session.query("""
                        SELECT pg_relation_size(c.oid) / CAST(current_setting('block_size') AS bigint),
                               CAST(c.reltuples AS bigint)
                        FROM pg_class c
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = :schema AND c.relname = :relation
                        """, Map.of("schema", found.schema(), "relation", access.relation()));
        return sizes.isEmpty()
                ? access
                : new QueryPlan.Access(
                        access.relation(),
                        access.how(),
                        access.index(),
                        access.bounded(),
                        access.rows(),
                        access.cost(),
                        sizes.get(0).number(0),
                        sizes.get(0).number(1));
    }

    /** The server's own estimate, in its units. */
    static double cost(Session session, String sql, Map<String, ? extends @Nullable String> parameters) {
        return json(session, "EXPLAIN (FORMAT JSON) " + sql, parameters)
                .path("Plan")
                .path("Total Cost")
                .asDouble();
    }

    Measured measure(String sql, Map<String, ? extends @Nullable String> parameters) {
        Row before = updates();
        JsonNode root = json("EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING OFF, FORMAT JSON) " + sql, parameters);
        Row after = updates();
        JsonNode plan = root.path("Plan");
        // A join that finds several rows for one updates it once: only the counters know. They may be off.
        long updated = after.number(0) - before.number(0);
        return new Measured(
                updated > 0 ? updated : PlanReader.written(plan),
                after.number(1) - before.number(1),
                PlanReader.read(plan, table.name()),
                Duration.ofNanos(Math.round(root.path("Execution Time").asDouble() * 1e6)),
                plan.path("WAL Bytes").asLong(),
                plan.path("WAL FPI").asLong());
    }

    /** Of the transaction that is open: rows updated, and those of them that needed no new entry in an index. */
    private Row updates() {
        return session.query("""
                        SELECT CAST(coalesce(sum(n_tup_upd), 0) AS bigint),
                               CAST(coalesce(sum(n_tup_hot_upd), 0) AS bigint)
                        FROM pg_stat_xact_all_tables
                        WHERE relid = CAST(:table AS regclass)
                           OR relid IN (SELECT relid FROM pg_partition_tree(CAST(:table AS regclass)))
                        """, Map.of("table", Identifiers.quote(table))).get(0);
    }

    private JsonNode json(String sql, Map<String, ? extends @Nullable String> parameters) {
        return json(session, sql, parameters);
    }

    private static JsonNode json(Session session, String sql, Map<String, ? extends @Nullable String> parameters) {
        String json = session.query(sql, parameters).stream()
                .map(row -> row.required(0))
                .collect(Collectors.joining("\n"));
        return JSON.readTree(json).path(0);
    }
}
