package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Asks the planner what it expects, without running anything. */
final class RowEstimates {
    /** Far below the 1,664 columns that a SELECT may have. */
    private static final int AT_ONCE = 500;

    private final Session session;
    private final @Nullable ColumnFacts column;

    /** @param column the chunk column; null where nothing has dates */
    RowEstimates(Session session, @Nullable ColumnFacts column) {
        this.session = session;
        this.column = column;
    }

    List<Long> of(TableName table, List<ChunkExtent> extents) {
        var estimates = new ArrayList<Long>();
        for (int from = 0; from < extents.size(); from += AT_ONCE) {
            estimates.addAll(some(table, extents.subList(from, Math.min(from + AT_ONCE, extents.size()))));
        }
        return List.copyOf(estimates);
    }

    private List<Long> some(TableName table, List<ChunkExtent> extents) {
        // A subselect each: the planner lists these in order, and also those that it knows to be empty.
        var arrays = new StringJoiner(",\n    ", "EXPLAIN (FORMAT JSON) SELECT\n    ", "");
        var values = new HashMap<String, String>();
        for (int i = 0; i < extents.size(); i++) {
            TableName partition = extents.get(i).partition();
            arrays.add("ARRAY(SELECT 1 FROM " + Identifiers.quote(partition == null ? table : partition)
                    + condition(extents.get(i).dates(), i, values) + ")");
        }
        return read(explain(arrays.toString(), values), extents.size());
    }

    /** Leaf partitions that the planner would look into, with the rows it expects there. */
    Map<TableName, Long> partitions(TableName table, @Nullable ChunkRange range) {
        boolean partitioned = session.query(
                        "SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass(:name)",
                        Map.of("name", Identifiers.quote(table)))
                .get(0)
                .yes(0);
        var found = new LinkedHashMap<TableName, Long>();
        if (partitioned) {
            var values = new HashMap<String, String>();
            // Without a column the planner would not have to look into a partition at all.
            String sql = "EXPLAIN (FORMAT JSON, VERBOSE) SELECT tableoid FROM " + Identifiers.quote(table)
                    + condition(range, 0, values);
            collect(plan(explain(sql, values)), found);
        }
        return found;
    }

    private static void collect(JsonNode node, Map<TableName, Long> found) {
        String name = node.path("Relation Name").asString("");
        if (!name.isEmpty()) {
            found.put(
                    new TableName(node.path("Schema").asString(), name),
                    node.path("Plan Rows").asLong());
        }
        node.path("Plans").forEach(child -> collect(child, found));
    }

    private String condition(@Nullable ChunkRange range, int place, Map<String, String> values) {
        if (range == null) {
            return "";
        }
        ColumnFacts chunkColumn = Objects.requireNonNull(column, "dates without a column");
        values.put("start_" + place, range.start());
        values.put("end_" + place, range.end());
        String name = Identifiers.quote(chunkColumn.name());
        return " WHERE %s >= CAST(:start_%d AS %s) AND %s < CAST(:end_%d AS %s)"
                .formatted(name, place, chunkColumn.type(), name, place, chunkColumn.type());
    }

    private String explain(String sql, Map<String, String> values) {
        List<Row> lines = session.query(sql, values);
        return lines.stream().map(row -> row.required(0)).collect(Collectors.joining("\n"));
    }

    private static JsonNode plan(String json) {
        return new ObjectMapper().readTree(json).path(0).path("Plan");
    }

    static List<Long> read(String json, int expected) {
        var estimates = new ArrayList<Long>();
        for (JsonNode child : plan(json).path("Plans")) {
            if (child.path("Parent Relationship").asString("").equals("InitPlan")) {
                estimates.add(child.path("Plan Rows").asLong());
            }
        }
        if (estimates.size() != expected) {
            throw new IllegalStateException("a plan with " + estimates.size() + " estimates, not " + expected);
        }
        return estimates;
    }
}
