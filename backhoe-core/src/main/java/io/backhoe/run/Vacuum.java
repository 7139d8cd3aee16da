package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.run.throttle.Decision;
import io.backhoe.value.BackhoeException;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Vacuums the table when chunks have ended since the last time and dead rows pile up, over a connection of its own that
 * lives as long as that takes. Thread-safe.
 */
final class Vacuum implements AutoCloseable {
    /** Dead rows of live ones, in percent: half of what autovacuum waits for unless somebody has set it otherwise. */
    private static final double PILES_UP = 10;

    private final Execution execution;
    private final AtomicBoolean runs = new AtomicBoolean();
    private volatile boolean refused;
    private volatile boolean closing;
    private volatile @Nullable Session session;
    private int chunks;

    Vacuum(Execution execution) {
        this.execution = execution;
        this.chunks = execution.tally().done.get();
    }

    /**
     * Called again and again by one thread.
     *
     * @param deadShare in percent of live rows
     * @param running whether somebody vacuums the table already
     */
    void consider(double deadShare, boolean running) {
        int ended = execution.tally().done.get();
        boolean due = execution.throttling().vacuums() && deadShare > PILES_UP && ended > chunks;
        if (!due || running || refused || !runs.compareAndSet(false, true)) {
            return;
        }
        chunks = ended;
        var thread = new Thread(() -> vacuum(deadShare), "backhoe-vacuum");
        thread.setDaemon(true);
        thread.start();
    }

    private void vacuum(double deadShare) {
        var settings = new LinkedHashMap<>(execution.plan().session());
        settings.put("lock_timeout", "500ms");
        settings.put("statement_timeout", "0");
        // As gently as the server's own cleaning.
        settings.put("vacuum_cost_delay", "2ms");
        var table = execution.plan().spec().scope().table();
        try (var open = execution.database().open("backhoe/" + execution.run().id() + "/vacuum", settings)) {
            session = open;
            long since = execution.time().nanos();
            execution.database().vacuum(open, table);
            execution
                    .throttling()
                    .tell(Decision.said("vacuumed " + table + ", where dead rows were " + Math.round(deadShare)
                            + " % of live ones, in " + (execution.time().nanos() - since) / 1_000_000 + " ms"));
        } catch (DatabaseException | BackhoeException e) {
            refused = true;
            if (!closing) {
                execution.throttling().tell(Decision.warning("not vacuumed any more: " + e.getMessage()));
            }
        } finally {
            session = null;
            runs.set(false);
        }
    }

    /** It can be ended at any time without harm. */
    @Override
    public void close() {
        closing = true;
        refused = true;
        Session open = session;
        if (open == null) {
            return;
        }
        try {
            open.cancel();
        } catch (DatabaseException e) {
            // A server out of reach; with the connection it ends there too.
            open.abandon();
        }
    }
}
