package io.backhoe.cli;

import io.backhoe.backup.Manifest;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.Restored;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes a run back with its backup alone, where no ledger knows the run. */
final class BackupRollback {
    private static final int NAMED = 20;

    private final Out out;
    private final Target target;
    private final BackupLocation location;
    private final UndoOptions what;
    private final ExecutionOptions execution;

    BackupRollback(Out out, Target target, BackupLocation location, UndoOptions what, ExecutionOptions execution) {
        this.out = out;
        this.target = target;
        this.location = location;
        this.what = what;
        this.execution = execution;
    }

    /**
     * @param yes whether nobody is to be asked
     * @param show how many of the rows changed since are shown
     * @param file where all of these go, or null
     */
    Answer answer(boolean dryRun, boolean yes, int show, @Nullable OutputFile file) {
        Manifest manifest = target.backhoe().backup(location);
        out.line("Backup of run " + manifest.runId() + " (" + manifest.name() + ") of " + manifest.table() + ": "
                + Figures.rows(manifest.rows()) + " in " + manifest.objects().size() + " objects, listed "
                + manifest.writtenAt() + ".");
        if (!dryRun && !yes) {
            confirm(manifest);
        }
        var page = new ConflictsPage(show);
        var restored = file == null ? restore(dryRun, page, null) : restoreInto(file, dryRun, page);
        out.lines(page.lines(
                restored.left(),
                manifest.table(),
                manifest.runId(),
                Figures.rows(restored.restored())
                        + (dryRun ? " would be restored. Dry run: nothing was changed." : " are as before the run.")));
        out.lines(uncovered(restored));
        return new Answer(data(restored, dryRun, page), dryRun || restored.whole() ? null : failure(restored));
    }

    private Restored restoreInto(OutputFile file, boolean dryRun, ConflictsPage page) {
        file.refuseNoPlace();
        var restored = new AtomicReference<@Nullable Restored>();
        file.write(to -> {
            var text = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
            restored.set(restore(dryRun, page, new ConflictsFile(text)));
            text.flush();
        });
        return Objects.requireNonNull(restored.get());
    }

    private Restored restore(boolean dryRun, ConflictsPage page, @Nullable ConflictsFile file) {
        var stop = new StopSignal();
        try (var interrupts = new Interrupts(stop::request)) {
            return target.backhoe().restore(location, what, dryRun, stop, execution.lines(out, target), conflict -> {
                page.add(conflict);
                if (file != null) {
                    file.add(conflict);
                }
            });
        }
    }

    private void confirm(Manifest manifest) {
        String over = what.onConflict() == OnConflict.OVERWRITE ? ", also where somebody has changed them since" : "";
        String asked = "Restore " + Figures.rows(manifest.rows()) + " of " + manifest.table()
                + " to what they were before run " + manifest.runId() + over + ", in " + target.description() + "?";
        if (!out.canAsk()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "confirmation_missing",
                    asked + " Nobody can be asked. Nothing was changed.",
                    "Add --yes.");
        }
        if (!out.confirm(asked)) {
            throw new BackhoeException(ExitCode.REFUSED, "not_confirmed", "Not confirmed. Nothing was changed.", null);
        }
    }

    private static List<String> uncovered(Restored restored) {
        var lines = new ArrayList<String>();
        var names = restored.uncovered();
        if (!names.isEmpty()) {
            lines.add("The process of the run ended without a last list. The backup's list is of "
                    + restored.manifest().writtenAt() + "; what it does not know was not restored, and may hold rows"
                    + " that the run changed after it:");
            names.stream().limit(NAMED).forEach(name -> lines.add("  " + name));
            if (names.size() > NAMED) {
                lines.add("  and " + (names.size() - NAMED) + " more");
            }
        }
        return lines;
    }

    private static Failure failure(Restored restored) {
        return new Failure(
                ExitCode.PARTIAL,
                "restored_in_part",
                Figures.rows(restored.left()) + " changed or deleted by somebody since were left alone, and "
                        + restored.uncovered().size() + " objects are not covered by the backup's list.",
                restored.left() > 0 ? "--on-conflict overwrite puts back what was before." : null,
                false);
    }

    private static Map<String, @Nullable Object> data(Restored restored, boolean dryRun, ConflictsPage page) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("dry_run", dryRun);
        data.put("run_id", restored.manifest().runId());
        data.put("name", restored.manifest().name());
        data.put("listed_at", restored.manifest().writtenAt());
        data.put("objects", restored.manifest().objects().size());
        data.put("rows", restored.rows());
        data.put(dryRun ? "restorable_rows" : "restored_rows", restored.restored());
        data.put("overwritten_rows", restored.overwritten());
        data.put("uncovered_objects", restored.uncovered());
        data.putAll(page.data(restored.left()));
        return data;
    }
}
