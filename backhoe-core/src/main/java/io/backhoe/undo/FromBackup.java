package io.backhoe.undo;

import io.backhoe.backup.BackupException;
import io.backhoe.backup.BackupStore;
import io.backhoe.backup.Digest;
import io.backhoe.backup.Inspection;
import io.backhoe.backup.Manifest;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.database.UndoSql;
import io.backhoe.ledger.ExportedRecord;
import io.backhoe.ledger.LaterImages;
import io.backhoe.plan.Drift;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.plan.Planner;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import io.backhoe.value.OnConflict;
import io.backhoe.value.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes a run back with its backup and nothing else: what the plan's undo statements do with the table of before-images,
 * they do here with one object at a time, in a temporary table. Doing it again changes nothing. Confined to one thread.
 */
public final class FromBackup {
    private static final int TRIES = 10;
    private static final String SCRATCH = "pg_temp.backhoe_kept_0";

    private final Database database;
    private final Time time;
    private final BackupStore store;
    private final Manifest manifest;
    private final Plan plan;

    /** @throws BackupException when there is no manifest there, or it or the plan is damaged */
    public FromBackup(Database database, Time time, BackupStore store) {
        this.database = database;
        this.time = time;
        this.store = store;
        this.manifest = Manifest.newest(store).orElseThrow(() -> noManifest(store));
        this.plan = plan(store, manifest);
    }

    private static BackupException noManifest(BackupStore store) {
        var below = store.folders();
        return new BackupException(
                BackupException.Kind.MISSING,
                "There is no manifest of a backup at " + store.location()
                        + (below.isEmpty()
                                ? ""
                                : "; below it are " + String.join(", ", below.subList(0, Math.min(12, below.size())))
                                        + (below.size() > 12 ? ", ..." : ""))
                        + ". Nothing was changed.",
                null);
    }

    private static Plan plan(BackupStore store, Manifest manifest) {
        String object = manifest.plan().object();
        byte[] text = Inspection.bytes(store, object);
        if (!Digest.of(text).sha256().equals(manifest.plan().sha256())) {
            throw new BackupException(
                    BackupException.Kind.DAMAGED,
                    store.location() + object + " is damaged: it does not have the SHA-256 that the manifest names",
                    null);
        }
        return PlanFile.read(new String(text, StandardCharsets.UTF_8), store.location() + object)
                .accepting(manifest.fingerprint());
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Objects that may hold what committed batches overwrote, and that no list of committed ones knows. */
    public List<String> uncovered() {
        // A batch commits after its object is there. Where nothing was under way, what is not listed did not commit.
        return manifest.settled() ? List.of() : Inspection.unlisted(store, manifest.entries());
    }

    /**
     * Restores, or finds out what would be.
     *
     * @param sink told each row that somebody has changed or deleted since and that is left alone
     * @throws BackupException DAMAGED naming each object that is not as it was written, before anything is restored
     * @throws BackhoeException DRIFTED when key or columns are no longer what they were; CONFLICT when rows changed since are
     *     to stop it, before anything is restored; STOPPED when that is wished
     */
    public Restored restore(
            UndoOptions what, boolean dryRun, StopSignal stop, RunListener listener, Consumer<Conflict> sink) {
        var entries = entries(Set.copyOf(what.chunkIds()));
        Inspection.refuseDamaged(store, entries);
        try (var session = open()) {
            var table = database.table(session, plan.spec().scope().table());
            new Drift(plan).refuseUndo(table.fingerprint());
            if (what.onConflict() != OnConflict.OVERWRITE && !dryRun) {
                new Drift(plan).refuseDeletingMore(table.fingerprint());
            }
            var looks = new Conflicts(
                    plan, LaterImages.none(plan, SCRATCH), database.undoSql(table, Planner.undoShapeOf(plan, table)));
            var way = new Way(looks, !table.triggers().isEmpty(), what.onConflict(), true);
            if (dryRun) {
                return each(session, way, entries, stop, listener, sink);
            }
            if (what.onConflict() == OnConflict.FAIL) {
                refuseConflicts(each(session, way, entries, stop, listener, sink));
            }
            return each(session, way.writing(), entries, stop, listener, sink);
        }
    }

    /**
     * The rows of some objects that somebody, or a later run, has changed or deleted since. Writes nothing.
     *
     * @return how many
     */
    public static long conflicts(
            Session session,
            Plan plan,
            LaterImages later,
            UndoSql looks,
            BackupStore store,
            List<ExportedRecord> entries,
            Consumer<Conflict> sink) {
        var conflicts = new Conflicts(plan, later.in(SCRATCH), looks);
        long found = 0;
        for (ExportedRecord entry : entries) {
            session.begin(Session.Isolation.READ_COMMITTED);
            try {
                fill(session, plan, store, entry);
                found += conflicts.waiting(session, place(plan, entry), sink);
            } finally {
                session.rollback();
            }
        }
        return found;
    }

    private Session open() {
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "500ms");
        settings.put("statement_timeout", "10min");
        return database.open("backhoe/restore", settings);
    }

    /** The last first: should a row have been written twice, what was before it all is what stays. */
    private List<ExportedRecord> entries(Set<String> chunkIds) {
        var ids = plan.chunks().stream().map(PlannedChunk::id).toList();
        var unknown = chunkIds.stream().filter(id -> !ids.contains(id)).sorted().toList();
        if (!unknown.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "chunk_unknown",
                    "The run has no chunk " + String.join(", ", unknown) + ". Nothing was taken back.",
                    "Its chunks are " + String.join(", ", ids.subList(0, Math.min(24, ids.size()))));
        }
        var entries = new ArrayList<>(manifest.entries());
        entries.removeIf(
                e -> !chunkIds.isEmpty() && !chunkIds.contains(chunk(plan, e).id()));
        Collections.reverse(entries);
        return entries;
    }

    /**
     * How objects are restored.
     *
     * @param triggers whether triggers may make something else of what is restored
     */
    private record Way(Conflicts looks, boolean triggers, OnConflict onConflict, boolean dryRun) {
        Way writing() {
            return new Way(looks, triggers, onConflict, false);
        }
    }

    private Restored each(
            Session session,
            Way way,
            List<ExportedRecord> entries,
            StopSignal stop,
            RunListener listener,
            Consumer<Conflict> sink) {
        long rows = 0;
        long restored = 0;
        long overwritten = 0;
        long left = 0;
        for (ExportedRecord entry : entries) {
            refuseStop(stop, restored);
            var one = withRetries(() -> one(session, way, entry));
            one.conflicts.forEach(sink);
            rows += entry.rows();
            restored += one.restored + one.overwritten;
            overwritten += one.overwritten;
            left += one.conflicts.size();
            listener.event(
                    "backup",
                    chunk(plan, entry).id(),
                    entry.object() + (way.dryRun() ? " was compared: " : " is restored: ") + one.restored + " of "
                            + entry.rows() + " rows");
        }
        return new Restored(manifest, rows, restored, overwritten, left, uncovered());
    }

    private record One(long restored, long overwritten, List<Conflict> conflicts) {}

    private One one(Session session, Way way, ExportedRecord entry) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            fill(session, plan, store, entry);
            var conflicts = new ArrayList<Conflict>();
            if (way.dryRun()) {
                way.looks().waiting(session, place(plan, entry), conflicts::add);
                return new One(entry.rows() - conflicts.size(), 0, conflicts);
            }
            var batch = new Batch(
                    BatchStatements.undo(
                            plan.sql(),
                            LaterImages.none(plan, SCRATCH),
                            way.onConflict() == OnConflict.OVERWRITE,
                            null),
                    entry.chunk(),
                    chunk(plan, entry).extent());
            var parameters = batch.parameters(KeyRange.ALL);
            long restored = session.update(batch.statements().write(), parameters);
            String overwrite = batch.statements().overwrite();
            long overwritten = overwrite == null ? 0 : session.update(overwrite, parameters);
            if (way.triggers() || restored + overwritten < entry.rows()) {
                // Those that wait for COMMIT, too.
                session.execute("SET CONSTRAINTS ALL IMMEDIATE");
                way.looks().takenBack(session, place(plan, entry), conflicts::add);
            }
            session.commit();
            return new One(Math.min(restored, entry.rows() - overwritten - conflicts.size()), overwritten, conflicts);
        } finally {
            session.rollback();
        }
    }

    private static void fill(Session session, Plan plan, BackupStore store, ExportedRecord entry) {
        session.execute(plan.sql().scratchImages(SCRATCH));
        BackedImages.load(session, store, entry, SCRATCH);
        session.execute("ANALYZE " + SCRATCH);
    }

    private static Conflicts.Place place(Plan plan, ExportedRecord entry) {
        var chunk = chunk(plan, entry);
        return new Conflicts.Place(entry.chunk(), chunk.id(), chunk.extent());
    }

    /** @throws BackupException DAMAGED when the plan has no such chunk */
    private static PlannedChunk chunk(Plan plan, ExportedRecord entry) {
        if (entry.chunk() < 1 || entry.chunk() > plan.chunks().size()) {
            throw new BackupException(
                    BackupException.Kind.DAMAGED,
                    entry.object() + " is of chunk " + entry.chunk() + ", which the plan does not have",
                    null);
        }
        return plan.chunks().get(entry.chunk() - 1);
    }

    private interface Work {
        One done();
    }

    private One withRetries(Work work) {
        var backoff = new Backoff(new Random());
        for (int tried = 1; ; tried++) {
            try {
                return work.done();
            } catch (DatabaseException e) {
                boolean passing = e.kind() == ErrorKind.TRANSIENT || e.kind() == ErrorKind.LOCK_TIMEOUT;
                if (!passing || tried == TRIES) {
                    throw e;
                }
                pause(backoff, tried);
            } catch (BackupException e) {
                if (e.kind() != BackupException.Kind.DOWN || tried == TRIES) {
                    throw e;
                }
                pause(backoff, tried);
            }
        }
    }

    private void pause(Backoff backoff, int tried) {
        try {
            time.sleep(backoff.before(tried));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackhoeException(
                    ExitCode.STOPPED, "interrupted", "Interrupted while restoring.", "Type it again.", e);
        }
    }

    private static void refuseStop(StopSignal stop, long restored) {
        if (stop.reason() != null) {
            throw new BackhoeException(
                    ExitCode.STOPPED,
                    "stopped",
                    "Stopped by " + stop.reason() + ": " + restored + " rows are restored, the rest is as it was.",
                    "The same command goes on with it; what is restored stays restored.");
        }
    }

    private static void refuseConflicts(Restored found) {
        if (found.left() > 0) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "rows_changed_since",
                    found.left() + (found.left() == 1 ? " row" : " rows") + " of "
                            + found.manifest().table()
                            + " that the run wrote were changed or deleted by somebody since. Nothing was taken back.",
                    "--dry-run lists them; --on-conflict skip leaves them alone, --on-conflict overwrite puts back what"
                            + " was before.");
        }
    }
}
