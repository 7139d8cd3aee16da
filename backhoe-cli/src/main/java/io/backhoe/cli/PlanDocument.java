package io.backhoe.cli;

import io.backhoe.database.BatchSql;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.spec.Check;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan as the data of a JSON document. */
final class PlanDocument {
    private PlanDocument() {}

    /** @param path of the file, or null when there is none */
    static Map<String, @Nullable Object> of(Plan plan, @Nullable String path) {
        var scope = plan.spec().scope();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", plan.spec().about().name());
        data.put("plan_hash", plan.hash());
        data.put("path", path);
        data.put("table", scope.table().toString());
        data.put("date_column", scope.dateColumn());
        data.put("date_range", Figures.range(scope.start(), scope.end()));
        data.put("total_chunks", plan.chunks().size());
        data.put("estimated_rows", estimatedRows(plan));
        data.put("chunks", new Each<>(plan.chunks(), PlanDocument::chunk));
        data.put("pre_checks", checks(plan.spec().execution().preChecks()));
        data.put("post_checks", checks(plan.spec().execution().postChecks()));
        data.put("notes", plan.notes());
        data.put("access", access(plan.access()));
        data.put("sql", sql(plan.sql()));
        data.put("explain", plan.explain());
        data.put("forecast", ForecastLines.data(plan.forecast()));
        return data;
    }

    /** Each as a spec has it: its name, and what stands beside it. */
    private static List<Map<String, String>> checks(List<Check> checks) {
        return checks.stream().map(PlanDocument::check).toList();
    }

    private static Map<String, String> check(Check check) {
        var data = new LinkedHashMap<String, String>();
        data.put("name", check.name());
        data.putAll(check.with());
        return data;
    }

    static long estimatedRows(Plan plan) {
        return plan.chunks().stream()
                .mapToLong(PlannedChunk::estimatedRows)
                .filter(rows -> rows > 0)
                .sum();
    }

    private static Map<String, @Nullable Object> chunk(PlannedChunk chunk) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", chunk.id());
        data.put("date_range", Figures.range(chunk.start(), chunk.end()));
        data.putAll(extent(chunk.extent()));
        data.put("estimated_rows", chunk.estimatedRows());
        return data;
    }

    /** What a chunk is besides its dates: after a key (exclusive) up to another (inclusive), a partition. */
    static Map<String, @Nullable Object> extent(ChunkExtent extent) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("after_key", values(extent.keys().after()));
        data.put("upto_key", values(extent.keys().upTo()));
        data.put(
                "partition",
                extent.partition() == null ? null : extent.partition().toString());
        return data;
    }

    private static @Nullable List<String> values(@Nullable Key key) {
        return key == null ? null : key.values();
    }

    private static Map<String, @Nullable Object> access(Plan.Access access) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("index", access.index());
        data.put("keyset", access.keyset());
        data.put("key", access.key());
        return data;
    }

    /** Every statement by name, in the order of their use; those that this plan has not are null. */
    static Map<String, @Nullable String> sql(BatchSql sql) {
        var data = new LinkedHashMap<String, @Nullable String>();
        data.put("images", sql.images());
        data.put("boundary", sql.boundary());
        data.put("capture", sql.capture());
        data.put("write", sql.write());
        data.put("undo_index", sql.undoIndex());
        data.put("undo_boundary", sql.undoBoundary());
        data.put("undo_write", sql.undoWrite());
        data.put("undo_conflicts", sql.undoConflicts());
        data.put("undo_overwrite", sql.undoOverwrite());
        return data;
    }
}
