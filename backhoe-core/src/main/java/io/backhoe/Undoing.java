package io.backhoe;

import io.backhoe.backup.BackupStores;
import io.backhoe.backup.Inspection;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.EventTable;
import io.backhoe.ledger.ExportedRecord;
import io.backhoe.ledger.ExportedTable;
import io.backhoe.ledger.ImagesTable;
import io.backhoe.ledger.LaterImages;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.plan.Cascades;
import io.backhoe.plan.Drift;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.BackedImages;
import io.backhoe.undo.Conflict;
import io.backhoe.undo.Conflicts;
import io.backhoe.undo.FromBackup;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.SqlName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What stands in the way of taking a run back. Thread-safe. */
record Undoing(Database database) {
    /** Twenty a second. */
    private static final int MOST_LOOKS = 100;

    /**
     * @throws BackhoeException REFUSED when there are no before-images, DRIFTED when the key or a column that was set is
     *     no longer what it was
     */
    void refuse(Session session, RunRecord run, Plan plan) {
        if (plan.sql().undoWrite() == null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "no_before_images",
                    "Run " + run.id() + " kept no before-images (rollback.strategy: none): it cannot be taken back.",
                    "Restore from a backup.");
        }
        if (run.purgedAt() != null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "before_images_purged",
                    "The before-images of run " + run.id() + " were purged on " + run.purgedAt()
                            + ": it cannot be taken back. Nothing was changed.",
                    "Restore from a backup.");
        }
        new Drift(plan)
                .refuseUndo(database.table(session, plan.spec().scope().table()).fingerprint());
        new Cascades(database, plan).refuseUndo(session, run.id(), "Nothing was changed.");
    }

    /**
     * What taking back needs beyond what a look needs: the index that it walks is made by whoever owns the images.
     *
     * @throws BackhoeException REFUSED when the images are not there, UNREACHABLE when this role may not do it
     */
    void refuseWithoutRights(Session session, RunRecord run, Plan plan) {
        refuseWithoutImages(session, run.id(), run.id());
        LaterImages.find(session, run, plan).runs().forEach(later -> refuseWithoutImages(session, later, run.id()));
        var table = database.table(session, plan.spec().scope().table());
        var missing = database.missingRights(session, table, Planner.undoShapeOf(plan, table));
        if (!missing.isEmpty()) {
            throw Planner.rightsMissing(table, missing);
        }
    }

    /** @param of the run itself, or a later one that has written rows of it since */
    private static void refuseWithoutImages(Session session, long of, long run) {
        String images = "backhoe.before_image_" + of;
        var found = ImagesTable.find(session, of)
                .orElseThrow(() -> new BackhoeException(
                        ExitCode.REFUSED,
                        "before_images_gone",
                        "The before-images of run " + of + " (" + images + ") are not there any more, and it was"
                                + " not backhoe purge that dropped them: it cannot be taken back. Nothing was changed.",
                        "Restore from a backup."));
        if (!found.ours()) {
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "images_not_owned",
                    "The before-images of run " + of + " (" + images + ") belong to role " + found.owner()
                            + ", and only a role that has its rights may take run " + run
                            + " back: an index of them is made first. Nothing was changed.",
                    "Type it again as " + found.owner() + "; or have a superuser run: GRANT "
                            + SqlName.quote(found.owner()) + " TO " + SqlName.quote(found.role()) + ";");
        }
    }

    /**
     * Tells every row that a rollback would leave alone.
     *
     * @return how many
     */
    long conflicts(RunRecord run, Set<String> chunkIds, Consumer<Conflict> sink) {
        try (var look = database.open("backhoe/look", Backhoe.SETTINGS)) {
            var plan = NewRun.planOf(look, run);
            refuse(look, run, plan);
            var settings = new HashMap<>(plan.session());
            settings.put("lock_timeout", "5s");
            settings.put("statement_timeout", "10min");
            String backup = run.backup();
            if (backup != null && ImagesTable.find(look, run.id()).isEmpty()) {
                var entries = entries(look, run, chunkIds);
                try (var store = BackupStores.open(BackupLocation.parse(backup));
                        var session = database.open("backhoe/conflicts", settings)) {
                    Inspection.refuseDamaged(store, entries);
                    var table = database.table(look, plan.spec().scope().table());
                    return FromBackup.conflicts(
                            session,
                            plan,
                            LaterImages.find(look, run, plan),
                            database.undoSql(table, Planner.undoShapeOf(plan, table)),
                            store,
                            entries,
                            sink);
                }
            }
            var chunks = Conflicts.chunks(ChunkTable.all(look, run.id()), chunkIds);
            var conflicts = conflicts(look, run, plan);
            try (var session = database.open("backhoe/conflicts", settings)) {
                return conflicts.each(session, chunks, sink);
            }
        }
    }

    private Conflicts conflicts(Session session, RunRecord run, Plan plan) {
        var table = database.table(session, plan.spec().scope().table());
        return new Conflicts(
                plan, LaterImages.find(session, run, plan), database.undoSql(table, Planner.undoShapeOf(plan, table)));
    }

    private static List<ExportedRecord> entries(Session session, RunRecord run, Set<String> chunkIds) {
        var numbers = Conflicts.chunks(ChunkTable.all(session, run.id()), chunkIds).stream()
                .map(ChunkRecord::number)
                .collect(Collectors.toSet());
        return ExportedTable.all(session, run.id()).stream()
                .filter(entry -> numbers.contains(entry.chunk()))
                .toList();
    }

    /**
     * Has the before-images of a run in the database again, where they are only in its backup, or are wished from there.
     *
     * @param anew also where the database has some
     * @throws BackhoeException CONFLICT when a process executes the run, or the ledger is older than the backup
     */
    void bringBack(RunRecord run, Plan plan, boolean anew, StopSignal stop, RunListener listener) {
        String backup = run.backup();
        if (backup == null) {
            return;
        }
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "5s");
        settings.put("statement_timeout", "0");
        try (var session = database.open("backhoe/restore", settings)) {
            if (!anew && ImagesTable.find(session, run.id()).isPresent()) {
                return;
            }
            if (!RunTable.lock(session, run.id())) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "run_is_executed",
                        "Run " + run.id() + " is executed by another process. This one changed nothing.",
                        "backhoe status " + run.id());
            }
            listener.event("backup", "", "before-images are brought back from " + backup);
            refuseWhileItWrites(session, run);
            var entries = ExportedTable.all(session, run.id());
            stop.whenRequested(session::cancel);
            try (var store = BackupStores.open(BackupLocation.parse(backup))) {
                Inspection.refuseOlderLedger(store, entries, run.id(), run.epoch());
                BackedImages.bringBack(session, plan, run.id(), store, entries);
            } catch (DatabaseException e) {
                throw stop.reason() == null ? e : stopped(run, stop, e);
            } finally {
                stop.whenRequested(() -> {});
            }
            EventTable.note(session, run.id(), "backup", "before-images were brought back from " + backup);
            // At once: the server ends the session in its own time, and what comes next wants the lock.
            RunTable.unlock(session, run.id());
        }
    }

    private static BackhoeException stopped(RunRecord run, StopSignal stop, DatabaseException cause) {
        return new BackhoeException(
                ExitCode.STOPPED,
                "stopped",
                "Stopped by " + stop.reason() + " before anything of run " + run.id() + " was taken back.",
                "backhoe rollback " + run.id(),
                cause);
    }

    /** A batch whose process has died may still be committing, and with it the entry of its object. */
    private static void refuseWhileItWrites(Session session, RunRecord run) {
        RunTable.endFormerWorkers(session, run.id());
        for (int looks = 0; RunTable.workers(session, run.id()) > 0; looks++) {
            if (looks == MOST_LOOKS) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "run_still_writes",
                        "The server still ends a batch of run " + run.id()
                                + ", whose process is gone. Nothing was taken back.",
                        "Type it again in a moment.");
            }
            session.query("SELECT pg_sleep(0.05)", Map.of());
        }
    }

    /** How many rows that a run wrote have no before-image any more, by the ids of their chunks. Writes nothing. */
    Map<String, Long> lost(RunRecord run, Set<String> chunkIds) {
        var settings = new HashMap<>(Backhoe.SETTINGS);
        settings.put("statement_timeout", "10min");
        try (var session = database.open("backhoe/look", settings)) {
            refuse(session, run, NewRun.planOf(session, run));
            boolean here = ImagesTable.find(session, run.id()).isPresent();
            Map<Integer, Long> images = here || run.backup() == null
                    ? ImagesTable.counted(session, run.id())
                    : ExportedTable.all(session, run.id()).stream()
                            .collect(Collectors.toMap(ExportedRecord::chunk, ExportedRecord::rows, Long::sum));
            Map<String, Long> lost = new LinkedHashMap<>();
            for (var chunk : Conflicts.chunks(ChunkTable.all(session, run.id()), chunkIds)) {
                long gone = chunk.changed() - images.getOrDefault(chunk.number(), 0L);
                if (gone > 0) {
                    lost.put(chunk.id(), gone);
                }
            }
            return lost;
        }
    }

    /**
     * Before anything is written.
     *
     * @throws BackhoeException CONFLICT when rows that somebody changed since are to stop it, and there are some; DRIFTED when
     *     values of a column that has come to the table would be deleted, or those that are to be overwritten cannot be looked for
     */
    void refuseConflicts(RunRecord run, UndoOptions options) {
        try (var session = database.open("backhoe/look", Backhoe.SETTINGS)) {
            var plan = NewRun.planOf(session, run);
            var drift = new Drift(plan);
            var present = database.table(session, plan.spec().scope().table()).fingerprint();
            if (options.onConflict() == OnConflict.OVERWRITE) {
                // What is overwritten is looked for by columns that have to be there.
                drift.refuseUndo(present);
                conflicts(session, run, plan);
            } else {
                drift.refuseDeletingMore(present);
            }
        }
        if (options.onConflict() != OnConflict.FAIL) {
            return;
        }
        Map<String, Long> found = new LinkedHashMap<>();
        long all = conflicts(run, new HashSet<>(options.chunkIds()), c -> found.merge(c.chunk(), 1L, Long::sum));
        if (all > 0) {
            String where = found.entrySet().stream()
                    .limit(6)
                    .map(e -> e.getKey() + " (" + e.getValue() + ")")
                    .collect(Collectors.joining(", "));
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "rows_changed_since",
                    all + (all == 1 ? " row" : " rows") + " of " + run.table()
                            + " that run " + run.id() + " wrote were changed or deleted by somebody since, in chunk "
                            + where + (found.size() > 6 ? ", ..." : "") + ". Nothing was taken back.",
                    "backhoe rollback " + run.id() + " --dry-run lists them; --on-conflict skip leaves them alone,"
                            + " --on-conflict overwrite puts back what was before.");
        }
    }
}
