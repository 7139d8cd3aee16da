package io.backhoe.run;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.Phase;
import io.backhoe.plan.Plan;
import io.backhoe.run.batch.BatchLook;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.KeyRange;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks now and then whether batches still reach their rows: an index may be dropped and statistics may change while a run
 * goes on. Thread-safe.
 */
final class Lookout {
    private static final Duration EVERY = Duration.ofSeconds(10);

    /** As many as the plan was looked at with: where a batch is a large part of the table, reading it all is right. */
    private static final int ROWS = 1_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final BatchLook look;
    private final Plan plan;
    private final Time time;
    private final AtomicLong last = new AtomicLong(NEVER);

    Lookout(Database database, Plan plan, Time time) {
        this.look = new BatchLook(database, plan);
        this.plan = plan;
        this.time = time;
    }

    /**
     * To be called before each batch; asks the server at most every ten seconds.
     *
     * @throws BackhoeException REFUSED, with what to do in its message, when the next batch would scan the table
     */
    void beforeBatch(Session session, SegmentWork work, Phase phase) {
        long now = time.nanos();
        long seen = last.get();
        boolean due = seen == NEVER || now - seen >= EVERY.toNanos();
        if (phase == Phase.UNDO || work.perChunk() || !due || !last.compareAndSet(seen, now)) {
            return;
        }
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
