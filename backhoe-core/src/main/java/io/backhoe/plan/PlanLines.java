package io.backhoe.plan;

import io.backhoe.database.BatchSql;
import io.backhoe.spec.Check;
import io.backhoe.spec.Correction;
import io.backhoe.spec.Moment;
import io.backhoe.spec.Pacing;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.Key;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan does, a line a fact, in a fixed order. Left out is what changes nothing that runs: estimates, times, notes,
 * and the secrets of the target.
 */
final class PlanLines {
    /** Gets the lines. */
    interface Sink {
        /** @param path {@code scope.table}, {@code chunks[3].id}, {@code session[0].key} */
        void line(String path, String text);
    }

    private final Sink sink;

    private PlanLines(Sink sink) {
        this.sink = sink;
    }

    static void of(Plan plan, Sink sink) {
        var lines = new PlanLines(sink);
        lines.put("version", plan.version());
        lines.put("rest_of", plan.restOf());
        lines.spec(plan.spec());
        lines.put("access.index", plan.access().index());
        lines.put("access.keyset", plan.access().keyset());
        lines.put("access.key", plan.access().key());
        // Measured, but not an estimate that changes nothing: it says how many rows a batch may have.
        lines.put("access.row_bytes", plan.access().rowBytes());
        if (plan.access().spread()) {
            lines.put("access.spread", true);
        }
        lines.put("session", plan.session());
        lines.sql(plan.sql());
        for (int i = 0; i < plan.chunks().size(); i++) {
            lines.chunk("chunks[" + i + "]", plan.chunks().get(i));
        }
        lines.put("fingerprint", plan.fingerprint());
    }

    private void spec(Spec spec) {
        put("name", spec.about().name());
        put("description", spec.about().description());
        put("requested_by", spec.about().requestedBy());
        put("reason", spec.about().reason());
        put("after", spec.after());
        correction(spec.correction());
        if (spec.target() != null) {
            Spec.Target target = spec.target().withoutSecrets();
            put("target.name", target.name());
            put("target.url", target.url());
            put("target.user", target.user());
        }
        Spec.Scope scope = spec.scope();
        put("scope.table", scope.table());
        put("scope.date_column", scope.dateColumn());
        put("scope.start", text(scope.start()));
        put("scope.end", text(scope.end()));
        put("scope.timezone", scope.timezone());
        put("scope.where", scope.where());
        if (spec.transform() != null) {
            Spec.Function function = spec.transform().function();
            if (function != null) {
                put("transform.function", function.name());
                put("transform.per", function.per().word());
                Spec.Command command = function.command();
                if (command != null) {
                    put("transform.command", command.words());
                    put("transform.timeout", command.timeout());
                }
                Spec.Rows rows = function.rows();
                if (rows != null) {
                    put("transform.reads", rows.reads());
                    put("transform.jar", rows.jar());
                }
                Spec.Statement statement = function.statement();
                if (statement != null) {
                    put("transform.sql", statement.sql());
                    put("transform.whole_chunks", statement.wholeChunks());
                }
            }
            SourceQuery source = spec.transform().source();
            if (source != null) {
                put("transform.query", source.sql());
                put(
                        "transform.into",
                        source.into() == null ? null : source.into().word());
                put("transform.key", source.key());
                put("transform.columns", source.columns());
                put("strategy.expect", source.expect());
            }
            put("transform.set", spec.transform().set());
            put("transform.from", spec.transform().from());
            put("transform.on", spec.transform().on());
            put("transform.missing_when", spec.transform().missingWhen());
        }
        Spec.Strategy strategy = spec.strategy();
        put("strategy.type", strategy.type());
        put("strategy.chunk_by", strategy.chunkBy());
        put("strategy.chunk_size", strategy.chunkRows());
        put("strategy.parallelism", strategy.parallelism());
        put("strategy.preserve_existing", strategy.preserveExisting());
        put("strategy.max_retries", strategy.maxRetries());
        checks("execution.pre_checks", spec.execution().preChecks());
        checks("execution.post_checks", spec.execution().postChecks());
        put("rollback.keep_images", spec.rollback().keepImages());
        Spec.Backup backup = spec.rollback().backup();
        if (backup != null) {
            put("rollback.backup_location", backup.location());
            put("rollback.backup_external", backup.external());
        }
        Spec.Export export = spec.rollback().export();
        if (export != null) {
            put("rollback.export.keep_in_database", export.keepInDatabase());
            put("rollback.export.storage_class", export.storageClass());
            put("rollback.export.server_side_encryption", export.encryption());
            put("rollback.export.kms_key_id", export.kmsKeyId());
        }
        put("server.cpus", spec.server().cpus());
        put("server.disk_free", spec.server().diskFree());
        pacing(spec.pacing());
    }

    private void correction(@Nullable Correction correction) {
        if (correction == null) {
            return;
        }
        put("correction.skip_unknown", correction.skipUnknown());
        Correction.Expected expected = correction.expected();
        if (expected != null) {
            put("correction.expect_rows.min", expected.least());
            put("correction.expect_rows.max", expected.most());
        }
        Correction.Records records = correction.records();
        if (records != null) {
            put("correction.keys", records.file());
            put("correction.sha256", records.sha256());
            put("correction.records", records.rows());
            put("correction.key", records.key());
            put("correction.columns", records.columns());
        }
    }

    private void pacing(Pacing pacing) {
        put("policy", pacing.policy());
        put("run_between", pacing.runBetween());
        put("deadline", pacing.deadline());
        put("canary", pacing.canary());
        var throttle = pacing.throttle();
        throttle.limits().forEach((name, limit) -> put("throttle." + name.word(), name.written(limit)));
        Pacing.Probe probe = throttle.probe();
        if (probe != null) {
            put("throttle.probe.query", probe.query());
            put("throttle.probe.limit_ms", probe.limitMillis());
            put("throttle.probe.max", probe.most());
        }
        put("throttle.ignore_replicas", throttle.ignoreReplicas());
        put("throttle.vacuum", throttle.vacuum());
    }

    private void checks(String path, List<Check> checks) {
        for (int i = 0; i < checks.size(); i++) {
            String at = path + "[" + i + "]";
            put(at, checks.get(i).name());
            put(at + ".kind", checks.get(i).kind().word());
            put(at + ".column", checks.get(i).column());
            checks.get(i).with().forEach((key, text) -> put(at + "." + key, text));
        }
    }

    private void sql(BatchSql sql) {
        put("sql.boundary", sql.boundary());
        put("sql.capture", sql.capture());
        put("sql.write", sql.write());
        put("sql.repeatable_read", sql.repeatableRead());
        put("sql.images", sql.images());
        put("sql.undo_index", sql.undoIndex());
        put("sql.undo_boundary", sql.undoBoundary());
        put("sql.undo_write", sql.undoWrite());
        put("sql.undo_conflicts", sql.undoConflicts());
        put("sql.undo_overwrite", sql.undoOverwrite());
        put("sql.lock", sql.lock());
        BatchSql.Call call = sql.call();
        if (call != null) {
            put("sql.scratch", call.scratch());
            put("sql.target", call.target());
            put("sql.rows", call.rows());
            put("sql.work", call.work());
        }
        BatchSql.Given given = sql.given();
        if (given != null) {
            put("sql.results", given.results());
            put("sql.read", given.read());
            put("sql.types", given.types());
            put("sql.copy", given.copy());
        }
    }

    private void chunk(String path, PlannedChunk chunk) {
        put(path + ".id", chunk.id());
        put(path + ".start", text(chunk.start()));
        put(path + ".end", text(chunk.end()));
        ChunkRange dates = chunk.extent().dates();
        if (dates != null) {
            put(path + ".range.start", dates.start());
            put(path + ".range.end", dates.end());
        }
        put(path + ".after", chunk.extent().keys().after());
        put(path + ".upto", chunk.extent().keys().upTo());
        put(path + ".partition", chunk.extent().partition());
    }

    private void put(String path, @Nullable Key key) {
        if (key != null) {
            put(path, key.values());
        }
    }

    private static @Nullable String text(@Nullable LocalDateTime moment) {
        return moment == null ? null : Moment.text(moment);
    }

    private void put(String path, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            put(path + "[" + i + "]", values.get(i));
        }
    }

    /** In order: it is the order of the SET list, and of the settings. */
    private void put(String path, Map<String, String> values) {
        int at = 0;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            put(path + "[" + at + "].key", entry.getKey());
            put(path + "[" + at++ + "].value", entry.getValue());
        }
    }

    /** What is not there has no line, which differs from the line of an empty text. */
    private void put(String path, @Nullable Object value) {
        if (value != null) {
            sink.line(path, value.toString());
        }
    }
}
