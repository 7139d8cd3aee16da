package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Asks the planner what it expects ranges to hold, many in one statement. */
final class RowEstimates {
    /** Far below the 1,664 columns that a SELECT may have. */
    private static final int AT_ONCE = 500;

    private RowEstimates() {}

    static List<Long> of(Session session, BatchShape shape, List<ChunkRange> ranges) {
        var estimates = new ArrayList<Long>();
        for (int from = 0; from < ranges.size(); from += AT_ONCE) {
            estimates.addAll(some(session, shape, ranges.subList(from, Math.min(from + AT_ONCE, ranges.size()))));
        }
        return List.copyOf(estimates);
    }

    private static List<Long> some(Session session, BatchShape shape, List<ChunkRange> ranges) {
        String table = Identifiers.quote(shape.table());
        String column = Identifiers.quote(shape.chunkColumn().name());
        String type = shape.chunkColumn().type();
        // A subselect each: the planner lists these in order, and also those that it knows to be empty.
        var arrays = new StringJoiner(",\n    ", "EXPLAIN (FORMAT JSON) SELECT\n    ", "");
        var values = new HashMap<String, String>();
        for (int i = 0; i < ranges.size(); i++) {
            values.put("start_" + i, ranges.get(i).start());
            values.put("end_" + i, ranges.get(i).end());
            arrays.add("ARRAY(SELECT 1 FROM %s WHERE %s >= CAST(:start_%d AS %s) AND %s < CAST(:end_%d AS %s))"
                    .formatted(table, column, i, type, column, i, type));
        }
        List<Row> lines = session.query(arrays.toString(), values);
        String json = lines.stream().map(row -> row.required(0)).collect(Collectors.joining("\n"));
        return read(json, ranges.size());
    }

    static List<Long> read(String json, int expected) {
        JsonNode plan = new ObjectMapper().readTree(json).path(0).path("Plan");
        var estimates = new ArrayList<Long>();
        for (JsonNode child : plan.path("Plans")) {
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
