package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.Limit;
import io.backhoe.run.throttle.Decision;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Vacuums the table when chunks have ended since the last time and dead rows pile up, over a connection of its own that
 * lives as long as that takes. It gives way as the run does: it waits while the run is held and outside of its hours, and
 * ends for whoever waits for it. Thread-safe.
 */
final class Vacuum implements AutoCloseable {
    /** Dead rows of live ones, in percent: half of what autovacuum waits for unless somebody has set it otherwise. */
    private static final double PILES_UP = 10;

    /** Whoever was in its way is given time. */
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private static final Duration END_WITHIN = Duration.ofMillis(1500);
    private static final Duration CANCEL_EVERY = Duration.ofMillis(200);

    private final Execution execution;
    private @Nullable Thread thread;
    private @Nullable Session session;
    private @Nullable String gaveWay;
    private boolean refused;
    private boolean closing;
    private int chunks;
    private long notBefore;

    Vacuum(Execution execution) {
        this.execution = execution;
        this.chunks = execution.tally().done.get();
        this.notBefore = execution.time().nanos();
    }

    /**
     * Called again and again by one thread.
     *
     * @param deadShare in percent of live rows
     * @param running whether somebody vacuums the table already
     */
    synchronized void consider(double deadShare, boolean running) {
        int ended = execution.tally().done.get();
        boolean due = execution.throttling().vacuums() && deadShare > PILES_UP && ended > chunks;
        boolean may = execution.course().hold() == null
                && execution.gate().isOpen()
                && execution.time().nanos() - notBefore >= 0;
        if (!due || !may || running || refused || thread != null) {
            return;
        }
        thread = new Thread(() -> vacuum(deadShare, ended), "backhoe-vacuum");
        thread.setDaemon(true);
        thread.start();
    }

    /** @param blockers server processes that others wait for */
    synchronized void giveWay(Set<Integer> blockers) {
        Session open = session;
        if (open == null) {
            return;
        }
        Limit hold = execution.course().hold();
        if (blockers.contains(open.processId())) {
            end(open, "somebody waits for it");
        } else if (hold != null && !hold.signal().equals(SignalName.DEAD_TUPLES.word())) {
            // What it does itself about dead rows is not what it waits for.
            end(open, hold.toString());
        }
    }

    private void end(Session open, String why) {
        gaveWay = why;
        try {
            open.cancel();
        } catch (DatabaseException e) {
            // A server out of reach; with the connection it ends there too.
            open.abandon();
        }
    }

    private void vacuum(double deadShare, int ended) {
        var settings = new LinkedHashMap<>(execution.plan().session());
        settings.put("lock_timeout", "500ms");
        settings.put("statement_timeout", "0");
        // As gently as the server's own cleaning.
        settings.put("vacuum_cost_delay", "2ms");
        var table = execution.plan().spec().scope().table();
        try (var open = execution.database().open("backhoe/" + execution.run().id() + "/vacuum", settings)) {
            if (!begins(open)) {
                return;
            }
            long since = execution.time().nanos();
            execution.database().vacuum(open, table);
            done(ended);
            execution
                    .throttling()
                    .tell(Decision.said("vacuumed " + table + ", where dead rows were " + Math.round(deadShare)
                            + " % of live ones, in " + (execution.time().nanos() - since) / 1_000_000 + " ms"));
        } catch (DatabaseException | BackhoeException e) {
            Decision told = failed(e);
            if (told != null) {
                execution.throttling().tell(told);
            }
        } finally {
            over();
        }
    }

    private synchronized boolean begins(Session open) {
        session = open;
        gaveWay = null;
        return !closing;
    }

    private synchronized void done(int ended) {
        chunks = ended;
    }

    /** @return what there is to tell */
    private synchronized @Nullable Decision failed(RuntimeException e) {
        if (closing) {
            return null;
        }
        ErrorKind kind = e instanceof DatabaseException known ? known.kind() : ErrorKind.UNKNOWN;
        notBefore = execution.time().nanos() + AGAIN_AFTER.toNanos();
        if (gaveWay != null) {
            return Decision.said("a vacuum ended early, and is tried again: " + gaveWay);
        }
        if (kind == ErrorKind.LOCK_TIMEOUT) {
            return Decision.said("not vacuumed yet, and tried again: " + e.getMessage());
        }
        refused = true;
        return Decision.warning("not vacuumed any more: " + e.getMessage());
    }

    private synchronized void over() {
        session = null;
        thread = null;
    }

    /** It can be ended at any time without harm, and ends with the run. */
    @Override
    public void close() throws InterruptedException {
        Thread running = closing();
        long since = execution.time().nanos();
        while (running != null && running.isAlive()) {
            boolean outOfPatience = execution.time().nanos() - since > END_WITHIN.toNanos();
            endNow(outOfPatience);
            if (outOfPatience) {
                return;
            }
            // A cancel that comes before the statement has begun ends nothing: it is sent again.
            running.join(CANCEL_EVERY.toMillis());
        }
    }

    private synchronized @Nullable Thread closing() {
        closing = true;
        refused = true;
        return thread;
    }

    private synchronized void endNow(boolean abandon) {
        Session open = session;
        if (open != null && abandon) {
            open.abandon();
        } else if (open != null) {
            end(open, "the run ends");
        }
    }
}
