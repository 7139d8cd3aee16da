package io.backhoe.cli;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as the data of a JSON document. Keys are never left out; what is not known is null. */
final class RunDocument {
    private RunDocument() {}

    static Map<String, @Nullable Object> of(RunReport report, Instant now) {
        return of(report, now, null);
    }

    /** @param elapsed how long this process worked on the run, or null when it did not */
    static Map<String, @Nullable Object> of(RunReport report, Instant now, @Nullable Duration elapsed) {
        var data = totals(report, now, elapsed);
        data.put("chunks", new Each<>(report.chunks(), c -> chunk(c, now)));
        return data;
    }

    /** Without its chunks, which may be very many. */
    static Map<String, @Nullable Object> summary(RunReport report, Instant now) {
        return totals(report, now, null);
    }

    private static Map<String, @Nullable Object> totals(RunReport report, Instant now, @Nullable Duration elapsed) {
        var data = head(report.run(), now);
        data.put("why", report.purpose().reason());
        data.put("records", report.purpose().records());
        data.put("elapsed_ms", millis(elapsed));
        data.put("total_chunks", report.allChunks());
        data.put("successful", report.count(ChunkState.SUCCESS));
        data.put("failed", report.count(ChunkState.FAILED));
        data.put("running", report.count(ChunkState.RUNNING));
        data.put("pending", report.count(ChunkState.PENDING));
        data.put("skipped", report.count(ChunkState.SKIPPED));
        data.put("rolled_back", report.count(ChunkState.ROLLED_BACK));
        data.put("total_rows", report.changed());
        data.put("examined_rows", report.examined());
        data.put("quarantined_rows", report.quarantined());
        data.put("restored_rows", report.restored());
        data.put("kept_rows", report.kept());
        data.put("overwritten_rows", report.overwritten());
        data.put("estimated_rows", report.estimatedRows());
        data.put("checks", CheckDocument.of(report.checks()));
        return data;
    }

    /** Without its chunks, as lists of runs have it. */
    static Map<String, @Nullable Object> head(RunRecord run, Instant now) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run_id", Long.toString(run.id()));
        data.put("name", run.name());
        data.put("state", run.state().name());
        data.put("reason", run.reason());
        data.put("table", run.table());
        data.put("plan_hash", run.planHash());
        data.put("created_at", Figures.instant(run.createdAt()));
        data.put("started_at", instant(run.startedAt()));
        data.put("ended_at", instant(run.endedAt()));
        data.put("purged_at", instant(run.purgedAt()));
        data.put("backup", run.backup());
        data.put("duration_ms", millis(Took.of(run, now)));
        data.put("executor", run.executor());
        data.put("executor_alive", run.executed());
        return data;
    }

    private static Map<String, @Nullable Object> chunk(ChunkRecord chunk, Instant now) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("id", chunk.id());
        data.put("date_range", Figures.range(chunk.shownStart(), chunk.shownEnd()));
        data.putAll(PlanDocument.extent(chunk.extent()));
        data.put("status", chunk.state().word());
        data.put("rows", chunk.changed());
        data.put("examined", chunk.examined());
        data.put("estimated_rows", chunk.estimatedRows());
        data.put("duration_ms", millis(Took.of(chunk, now)));
        data.put("attempts", chunk.attempts());
        data.put("reason", chunk.reason());
        data.put("error", chunk.error());
        data.put("quarantined_rows", chunk.quarantined());
        data.put("restored_rows", chunk.restored());
        data.put("kept_rows", chunk.kept());
        data.put("overwritten_rows", chunk.overwritten());
        return data;
    }

    /** Runs as a list, newest first as they come. */
    static Map<String, @Nullable Object> list(List<RunRecord> runs, Instant now) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("runs", runs.stream().map(r -> head(r, now)).toList());
        return data;
    }

    private static @Nullable String instant(@Nullable Instant instant) {
        return instant == null ? null : Figures.instant(instant);
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
