package io.backhoe.run;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.plan.Cascades;
import io.backhoe.plan.Drift;
import io.backhoe.plan.Plan;
import io.backhoe.run.batch.BatchLook;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import io.backhoe.value.OnConflict;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks now and then whether the table is still the one that was planned for, and whether batches still reach their rows: an
 * index may be dropped and statistics may change while a run goes on. Thread-safe.
 */
final class Lookout {
    private static final Duration EVERY = Duration.ofSeconds(10);

    /** As many as the plan was looked at with: where a batch is a large part of the table, reading it all is right. */
    private static final int ROWS = 1_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final Database database;
    private final BatchLook look;
    private final Plan plan;
    private final Time time;
    private final AtomicLong last = new AtomicLong(NEVER);

    Lookout(Database database, Plan plan, Time time) {
        this.database = database;
        this.look = new BatchLook(database, plan);
        this.plan = plan;
        this.time = time;
    }

    /**
     * Also asked when the server refuses a statement: the table may be another by now.
     *
     * @throws BackhoeException DRIFTED, with the differences in its message; REFUSED, where rows of others would go with rows
     *     that are deleted
     */
    void refuseDrift(Session session, RunRecord run) {
        var name = plan.spec().scope().table();
        List<String> present;
        try {
            present = database.table(session, name).fingerprint();
        } catch (BackhoeException e) {
            throw new BackhoeException(
                    ExitCode.DRIFTED, "table_drifted", "Table " + name + ": " + e.getMessage(), e.hint(), e);
        }
        var drift = new Drift(plan);
        if (run.undoing()) {
            drift.refuseUndo(present);
            if (RunTable.onConflict(session, run.id()) != OnConflict.OVERWRITE) {
                drift.refuseDeletingMore(present);
            }
            new Cascades(database, plan).refuseUndo(session, run.id(), "Nothing more was taken back.");
            return;
        }
        var lines = drift.found(present);
        if (!lines.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "table_drifted",
                    "table " + name + " has changed in the middle of the run; what was committed stays\n    "
                            + String.join("\n    ", lines),
                    null);
        }
        new Cascades(database, plan).refuseGoingOn(session);
    }

    /**
     * To be called before each batch; asks the server at most every ten seconds.
     *
     * @throws BackhoeException DRIFTED when the table has changed; REFUSED, with what to do in its message, when the next batch would scan the table
     */
    void beforeBatch(Session session, SegmentWork work, RunRecord run) {
        long now = time.nanos();
        long seen = last.get();
        boolean due = seen == NEVER || now - seen >= EVERY.toNanos();
        if (!due || !last.compareAndSet(seen, now)) {
            return;
        }
        if (!run.undoing() && !work.perChunk()) {
            refuseScan(session, work);
        }
        refuseDrift(session, run);
    }

    private void refuseScan(Session session, SegmentWork work) {
        var batch = work.batch();
        var rest = work.rest();
        var boundary = batch.boundary(session, rest, ROWS);
        if (boundary == null) {
            return;
        }
        var call = batch.statements().call();
        if (call != null) {
            session.execute(call.scratch());
        }
        work.prepare(session);
        String scratch = batch.statements().scratch();
        if (scratch != null) {
            session.execute(scratch);
        }
        try {
            look.refuseScan(
                    session,
                    batch,
                    call == null ? "write" : "capture",
                    batch.statements().reading(),
                    new KeyRange(rest.after(), boundary.last()),
                    ROWS);
        } catch (BackhoeException e) {
            throw new BackhoeException(
                    e.exit(),
                    e.code(),
                    "chunk " + work.chunk().id() + " of " + plan.spec().scope().table() + ": " + e.getMessage()
                            + " What to do: " + e.hint(),
                    e.hint(),
                    e);
        }
    }
}
