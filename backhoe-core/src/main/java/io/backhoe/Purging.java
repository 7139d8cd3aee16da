package io.backhoe;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupStore;
import io.backhoe.backup.BackupStores;
import io.backhoe.backup.Inspection;
import io.backhoe.backup.Manifest;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.EventTable;
import io.backhoe.ledger.ExportedTable;
import io.backhoe.ledger.ImagesTable;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.RunTotals;
import io.backhoe.undo.Purgeable;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Drops before-images, for good. Thread-safe. */
record Purging(Database database, Runs runs) {
    /** An event: from then on nothing may be there. */
    private static final String BEGUN = "purge_begun";

    private static final int MOST = 100_000;

    /** @throws BackhoeException CONFLICT when the run has not ended */
    Purgeable look(long runId) {
        return runs.read(s -> {
            var run = runs.required(s, runId);
            refuseUnended(run);
            return look(s, run);
        });
    }

    /** Runs that had ended by then and still have before-images, the oldest first. */
    List<Purgeable> endedBefore(Instant then) {
        return runs.read(s -> RunTable.list(s, null, MOST).stream()
                .filter(r -> Runs.ENDED.contains(r.state()) && !r.executed())
                .filter(r -> r.purgedAt() == null || r.backup() != null)
                .filter(r -> r.endedAt() != null && r.endedAt().isBefore(then))
                .map(r -> look(s, r))
                .filter(Purgeable::there)
                .sorted((a, b) -> Long.compare(a.run().id(), b.run().id()))
                .toList());
    }

    private static Purgeable look(Session session, RunRecord run) {
        var totals = RunTotals.read(session, run.id());
        long bytes = ImagesTable.find(session, run.id())
                .map(ImagesTable.Found::bytes)
                .orElse(0L);
        long rows = totals.changed() - totals.restored();
        String backup = run.backup();
        if (backup == null) {
            return new Purgeable(run, rows, bytes, 0, 0, Map.of());
        }
        try (var store = BackupStores.open(BackupLocation.parse(backup))) {
            var objects = store.list();
            var held = new TreeMap<String, String>();
            objects.forEach(object -> store.held(object.name()).ifPresent(why -> held.put(object.name(), why)));
            long stored = objects.stream().mapToLong(BackupStore.Stored::bytes).sum();
            return new Purgeable(run, rows, bytes, objects.size(), stored, held);
        }
    }

    /**
     * Does nothing when there is nothing to drop. Objects go first: who is killed in between purges again.
     *
     * @return the objects that stay in the backup, and why
     * @throws BackhoeException CONFLICT when the run has not ended or is executed; UNREACHABLE when this role does not own
     *     the table
     */
    Map<String, String> purge(long runId, Cause cause) {
        try (var session = database.open("backhoe/purge", Backhoe.SETTINGS)) {
            if (!RunTable.lock(session, runId)) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "run_is_executed",
                        "Run " + runId + " is executed by a process. Its before-images were left as they are.",
                        "backhoe status " + runId);
            }
            var run = runs.required(session, runId);
            refuseUnended(run);
            var images = ImagesTable.find(session, runId);
            if (images.isEmpty() && run.backup() == null) {
                return Map.of();
            }
            if (images.isPresent() && !images.get().ours()) {
                throw new BackhoeException(
                        ExitCode.UNREACHABLE,
                        "images_not_owned",
                        "The before-images of run " + runId + " (backhoe.before_image_" + runId + ") belong to role "
                                + images.get().owner()
                                + ", and only a role that has its rights may drop them. Nothing was"
                                + " changed.",
                        "Type it again as " + images.get().owner() + ".");
            }
            var left = delete(session, run);
            ImagesTable.purge(session, run, cause, images, left.size());
            return left;
        }
    }

    /** The list of what there is goes last: as long as it is there, what is missing can be told. */
    private static Map<String, String> delete(Session session, RunRecord run) {
        String backup = run.backup();
        if (backup == null) {
            return Map.of();
        }
        var left = new TreeMap<String, String>();
        try (var store = BackupStores.open(BackupLocation.parse(backup))) {
            var entries = ExportedTable.all(session, run.id());
            Inspection.refuseOlderLedger(store, entries, run.id(), run.epoch());
            var stored = store.list();
            if (stored.isEmpty() && !entries.isEmpty() && !EventTable.has(session, run.id(), BEGUN)) {
                throw new BackupException(
                        BackupException.Kind.DOWN,
                        "There is nothing at " + backup + ", where " + entries.size()
                                + " objects should be (a disk not mounted," + " another bucket?). Nothing was purged.",
                        null);
            }
            EventTable.note(session, run.id(), BEGUN, "the objects at " + backup + " are being deleted");
            clearUnfinished(store);
            var names = stored.stream()
                    .map(BackupStore.Stored::name)
                    .sorted(Comparator.comparing(Manifest::isManifest).thenComparing(Comparator.naturalOrder()))
                    .toList();
            names.forEach(name -> store.delete(name).ifPresent(why -> left.put(name, why)));
            store.removeIfEmpty();
        }
        return left;
    }

    /** Who may delete may not always list them; then they are for the bucket's own rules. */
    private static void clearUnfinished(BackupStore store) {
        try {
            store.clearUnfinished();
        } catch (BackupException e) {
            if (e.kind() != BackupException.Kind.FORBIDDEN) {
                throw e;
            }
        }
    }

    private static void refuseUnended(RunRecord run) {
        if (!Runs.ENDED.contains(run.state())) {
            throw Runs.wrongState(
                    run,
                    "purged: it has not ended, and would lose what takes it back",
                    "backhoe resume " + run.id() + ", backhoe cancel " + run.id() + " or backhoe rollback " + run.id()
                            + " first");
        }
    }
}
