package io.backhoe.cli;

import io.backhoe.backup.BackupStores;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.report.RunReport;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rollback",
        description = "Restores what a run overwrote, from its before-images. A row that somebody changed since is "
                + "left alone and counted.")
final class RollbackVerb extends OnRun {
    @Option(names = "--chunk", paramLabel = "ID", description = "Only this chunk; may be repeated.")
    private List<String> chunks = new ArrayList<>();

    @Option(
            names = "--on-conflict",
            paramLabel = "skip|fail|overwrite",
            description =
                    "What becomes of rows that somebody changed or deleted since: left alone and counted (skip, the "
                            + "default), nothing is taken back (fail), or what was before is put over what is there (overwrite; "
                            + "a deleted row stays deleted).")
    private OnConflict onConflict = OnConflict.SKIP;

    @Option(
            names = "--from-backup",
            paramLabel = "LOCATION",
            description =
                    "From the run's backup, such as s3://BUCKET/PREFIX/RUN/ or file:///FOLDER/RUN/, also where the "
                            + "ledger is lost. All of it is looked over before anything is restored.")
    private @Nullable String fromBackup;

    @Option(names = "--dry-run", description = "List the rows that somebody changed since, and write nothing.")
    private boolean dryRun;

    @Option(
            names = "--conflicts",
            paramLabel = "FILE.csv",
            description = "Write all such rows into a file, before anything is taken back.")
    private @Nullable String conflicts;

    @Option(names = "--show", paramLabel = "N", description = "How many of them --dry-run lists; default: 20.")
    private int show = 20;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    private ExecutionOptions execution = new ExecutionOptions();

    @Override
    Answer answer(Out out, Target target, RunArgument named) {
        if (fromBackup == null) {
            return super.answer(out, target, named);
        }
        if (named.named() != null) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "run_named_twice",
                    "--from-backup says by itself which run is meant. Nothing was changed.",
                    "Leave out " + named.named() + ".");
        }
        var location = BackupStores.location(fromBackup);
        var known = target.backhoe().runOfBackup(location);
        if (known.isPresent()) {
            return answer(out, target, known.get().id());
        }
        var file = conflicts == null ? null : OutputFile.of(conflicts);
        return new BackupRollback(out, target, location, new UndoOptions(chunks, onConflict), execution)
                .answer(dryRun, yes, show, file);
    }

    @Override
    Answer answer(Out out, Target target, long runId) {
        var before = target.backhoe().report(runId);
        refuseUnknown(before);
        if (dryRun) {
            return dryRun(out, before, target);
        }
        if (conflicts != null) {
            look(target, runId, new ConflictsPage(0));
        }
        confirm(out, before, target);
        return Execution.of(
                out,
                target,
                execution,
                (stop, listener) -> target.backhoe()
                        .rollback(
                                runId,
                                new UndoOptions(chunks, onConflict, fromBackup != null),
                                execution.options(),
                                stop,
                                listener));
    }

    private Answer dryRun(Out out, RunReport before, Target target) {
        long runId = before.run().id();
        var page = new ConflictsPage(show);
        long total = look(target, runId, page);
        var lost = target.backhoe().lostImages(runId, chunks);
        long gone = lost.values().stream().mapToLong(Long::longValue).sum();
        long others = Math.max(0, rows(before) - total - gone);
        if (gone > 0) {
            out.line(Figures.rows(gone) + " cannot be restored, because their before-images are gone, in "
                    + String.join(", ", lost.keySet()) + ": the rollback would end ROLLBACK_PARTIAL.");
        }
        out.lines(
                page.lines(total, before, Figures.rows(others) + " would be restored. Dry run: nothing was changed."));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("dry_run", true);
        data.put("run_id", Long.toString(runId));
        data.put("state", before.run().state().name());
        data.put("restorable_rows", others);
        data.put("lost_rows", gone);
        data.putAll(page.data(total));
        return Answer.done(data);
    }

    private long look(Target target, long runId, ConflictsPage page) {
        if (conflicts == null) {
            return target.backhoe().conflicts(runId, chunks, page::add);
        }
        var file = OutputFile.of(conflicts);
        file.refuseNoPlace();
        var total = new AtomicLong();
        file.write(to -> {
            var text = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
            var csv = new ConflictsFile(text);
            total.set(target.backhoe().conflicts(runId, chunks, conflict -> {
                page.add(conflict);
                csv.add(conflict);
            }));
            text.flush();
        });
        return total.get();
    }

    private void refuseUnknown(RunReport report) {
        var known = report.chunks().stream().map(ChunkRecord::id).toList();
        var unknown = chunks.stream().filter(id -> !known.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "chunk_not_found",
                    "Run " + report.run().id() + " has no chunk " + String.join(", ", unknown)
                            + ". Nothing was changed.",
                    "Its chunks: " + String.join(", ", known.subList(0, Math.min(12, known.size())))
                            + (known.size() > 12 ? ", ..." : ""));
        }
    }

    private void confirm(Out out, RunReport report, Target target) {
        if (yes) {
            return;
        }
        String over = onConflict == OnConflict.OVERWRITE ? ", also where somebody has changed them since" : "";
        String what = "Restore " + Figures.rows(rows(report)) + " of "
                + report.run().table() + " to what they were before run "
                + report.run().id() + " (" + report.run().name() + ")" + over;
        if (!out.canAsk()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "confirmation_missing",
                    what + "? Nobody can be asked. Nothing was changed.",
                    "Add --yes.");
        }
        if (!out.confirm(what + ", in " + target.description() + "?")) {
            throw new BackhoeException(ExitCode.REFUSED, "not_confirmed", "Not confirmed. Nothing was changed.", null);
        }
    }

    /** What is not restored yet. */
    private long rows(RunReport report) {
        return report.chunks().stream()
                .filter(c -> chunks.isEmpty() || chunks.contains(c.id()))
                .mapToLong(c -> c.changed() - c.restored())
                .sum();
    }
}
