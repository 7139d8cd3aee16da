package io.backhoe.plan;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Lineage;
import io.backhoe.spec.Check;
import io.backhoe.spec.ColumnName;
import io.backhoe.spec.Moment;
import io.backhoe.spec.Monitoring;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of a plan file, section by section. */
final class PlanText {
    private final Plan plan;
    private final YamlText out = new YamlText();

    PlanText(Plan plan) {
        this.plan = plan;
    }

    String write() {
        Spec spec = plan.spec();
        header();
        out.open("backfill");
        out.text("name", spec.about().name()).bare("version", plan.version()).bare("hash", "\"" + plan.hash() + "\"");
        out.bare("rest_of", plan.restOf());
        out.text("description", spec.about().description());
        out.text("created", spec.about().created());
        out.text("requested_by", spec.about().requestedBy());
        out.text("reason", spec.about().reason());
        out.list("after", spec.after());
        List<String> notes = new ArrayList<>(plan.notes());
        target(spec.target(), notes);
        scope(spec.scope());
        CorrectionText.write(spec.correction(), out);
        transform(spec.transform());
        strategy(
                spec.strategy(),
                spec.transform() == null ? null : spec.transform().source());
        rollback(spec.rollback());
        server(spec.server());
        monitoring(spec.monitoring().withoutLiteralSecrets());
        PacingText.write(spec.pacing(), out);
        out.list("notes", notes);
        Forecast forecast = plan.forecast();
        if (forecast != null) {
            ForecastText.write(forecast, out);
        }
        Lineage lineage = plan.lineage();
        if (lineage != null) {
            LineageText.write(lineage, out);
        }
        access(plan.access());
        out.map("session", plan.session());
        sql(plan.sql());
        explain(plan.explain());
        out.list("fingerprint", plan.fingerprint());
        seal();
        execution(spec.execution());
        return out.close().toString();
    }

    private void header() {
        out.comment(
                        "A plan of Backhoe: what one backfill will do, to the letter. Review it, commit it, and run it with")
                .comment("")
                .comment("    backhoe run THIS_FILE")
                .comment("")
                .comment(
                        "Comments and layout may change. Anything else that is edited here is noticed by its hash, and the")
                .comment(
                        "plan is refused: change the spec and plan again. The hash leaves out estimates, times, notes,")
                .comment("forecast, lineage, execution plans and secrets. " + plan.hash());
    }

    private void target(Spec.@Nullable Target target, List<String> notes) {
        if (target == null) {
            return;
        }
        Spec.Target safe = target.withoutLiteralSecrets();
        if (!safe.equals(target)) {
            notes.add("the password of the target stood in the spec in clear and was left out here; give it as"
                    + " ${env:PGPASSWORD} or ${file:PATH}");
        }
        if (safe.name() != null) {
            out.text("target", safe.name());
            return;
        }
        if (safe.url() == null && safe.user() == null && safe.password() == null) {
            return;
        }
        out.open("target").text("url", safe.url()).text("user", safe.user());
        out.text("password", safe.password()).close();
    }

    private void scope(Spec.Scope scope) {
        out.open("scope").text("table", scope.table().toString());
        out.text("date_column", scope.dateColumn() == null ? null : ColumnName.text(scope.dateColumn()));
        if (scope.start() != null) {
            out.bare(
                    "date_range", "{ start: " + Moment.text(scope.from()) + ", end: " + Moment.text(scope.to()) + " }");
        }
        out.text("timezone", scope.timezone().getId()).text("where", scope.where());
        out.bare("estimated_rows", scope.estimatedRows()).text("estimated_duration", scope.estimatedDuration());
        out.close();
    }

    private void transform(Spec.@Nullable Transform transform) {
        if (transform == null) {
            return;
        }
        out.open("transform");
        Spec.Function function = transform.function();
        SourceQuery source = transform.source();
        if (source != null) {
            SourceText.write(source, transform.columns(), out);
        } else if (function == null) {
            out.map("set", columns(transform.set()));
        } else {
            Spec.Command command = function.command();
            Spec.Rows rows = function.rows();
            Spec.Statement statement = function.statement();
            if (statement != null) {
                out.block("sql", statement.sql()).bare("per", statement.wholeChunks() ? "chunk" : "batch");
            } else if (command == null && rows != null) {
                out.text("java", function.name()).text("jar", rows.jar());
            } else if (command == null) {
                out.text("function", function.name()).bare("per", function.per().word());
            } else {
                out.list("command", command.words());
                out.bare(
                        "timeout",
                        command.timeout() == null ? null : command.timeout().toSeconds() + "s");
                out.bare("stream", rows == null ? null : true);
            }
            if (rows != null) {
                out.list("reads", rows.reads().stream().map(ColumnName::text).toList());
            }
            out.list(
                    "columns",
                    transform.columns().stream().map(ColumnName::text).toList());
        }
        out.text("from", transform.from()).text("on", transform.on());
        out.map("missing_when", columns(transform.missingWhen())).close();
    }

    private static Map<String, String> columns(Map<String, String> byName) {
        var written = new LinkedHashMap<String, String>();
        byName.forEach((column, sql) -> written.put(ColumnName.text(column), sql));
        return written;
    }

    private void strategy(Spec.Strategy strategy, @Nullable SourceQuery source) {
        out.open("strategy").text("type", strategy.type());
        out.bare("expect", source == null ? null : SourceText.expect(source));
        out.bare("chunk_by", strategy.chunkBy().word());
        out.bare("chunk_size", strategy.chunkRows()).bare("parallelism", strategy.parallelism());
        out.bare("preserve_existing", strategy.preserveExisting()).bare("max_retries", strategy.maxRetries());
        out.close();
    }

    private void rollback(Spec.Rollback rollback) {
        Spec.Export export = rollback.export();
        out.open("rollback");
        out.bare("strategy", export != null ? "restore_from_backup" : rollback.keepImages() ? "before_image" : "none");
        Spec.Backup backup = rollback.backup();
        if (backup != null) {
            out.bare("backup", backup.external() ? "external" : null).text("backup_location", backup.location());
        }
        if (export != null) {
            out.bare("keep_in_database", export.keepInDatabase());
            out.text("storage_class", export.storageClass()).text("server_side_encryption", export.encryption());
            out.text("kms_key_id", export.kmsKeyId());
        }
        out.close();
    }

    private void server(Spec.Server server) {
        if (!server.equals(Spec.Server.UNKNOWN)) {
            out.open("server")
                    .bare("cpus", server.cpus())
                    .bare("disk_free", server.diskFree())
                    .close();
        }
    }

    private void monitoring(Monitoring monitoring) {
        if (monitoring.webhook() == null) {
            return;
        }
        out.open("monitoring").text("progress_webhook", monitoring.webhook());
        out.text("update_frequency", monitoring.frequency().word());
        out.text(
                "format",
                monitoring.format() == null ? null : monitoring.format().word());
        out.text("signing_secret", monitoring.signingSecret()).close();
    }

    private void access(Plan.Access access) {
        out.open("access").text("index", access.index());
        out.bare("keyset", YamlText.flow(access.keyset())).bare("key", YamlText.flow(access.key()));
        out.bare("row_bytes", access.rowBytes());
        out.bare("spread", access.spread() ? true : null).close();
    }

    private void sql(BatchSql sql) {
        out.open("sql").block("boundary", sql.boundary()).block("capture", sql.capture());
        out.block("write", sql.write()).bare("repeatable_read", sql.repeatableRead());
        out.block("images", sql.images()).block("undo_index", sql.undoIndex());
        out.block("undo_boundary", sql.undoBoundary()).block("undo_write", sql.undoWrite());
        out.block("undo_conflicts", sql.undoConflicts()).block("undo_overwrite", sql.undoOverwrite());
        out.text("lock", sql.lock());
        BatchSql.Call call = sql.call();
        if (call != null) {
            out.block("scratch", call.scratch()).text("target", call.target()).block("rows", call.rows());
            out.block("work", call.work());
        }
        BatchSql.Given given = sql.given();
        if (given != null) {
            out.block("results", given.results()).block("read", given.read());
            out.list("types", given.types()).block("copy", given.copy());
        }
        out.close();
    }

    private void explain(Map<String, String> explain) {
        if (explain.isEmpty()) {
            return;
        }
        out.open("explain");
        explain.forEach(out::block);
        out.close();
    }

    private void seal() {
        out.open("seal");
        PlanSeal.of(plan).forEach((key, digits) -> out.text(key, digits.replaceAll("(.{100})(?=.)", "$1\n")));
        out.close();
    }

    private void execution(Spec.Execution execution) {
        out.open("execution");
        checks("pre_checks", execution.preChecks());
        checks("post_checks", execution.postChecks());
        out.open("chunks");
        for (PlannedChunk chunk : plan.chunks()) {
            out.line(ChunkLines.write(chunk));
        }
        out.close().close();
    }

    private void checks(String key, List<Check> checks) {
        if (checks.isEmpty()) {
            return;
        }
        out.open(key);
        for (Check check : checks) {
            String beside = check.with().entrySet().stream()
                    .map(e -> ", " + e.getKey() + ": " + YamlText.inQuotes(e.getValue()))
                    .collect(Collectors.joining());
            String name = YamlText.quoted(check.name());
            out.line(beside.isEmpty() ? "- " + name : "- { name: " + name + beside + " }");
        }
        out.close();
    }
}
