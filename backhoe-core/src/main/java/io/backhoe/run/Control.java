package io.backhoe.run;

import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.Superseded;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The executor's own connection, outside the workers': it holds the run's lock for as long as it lives, and everything
 * that changes the run's state goes through it. Lost, it is opened and locked anew. Confined to one thread.
 */
final class Control implements AutoCloseable {
    private static final Duration SILENT = Duration.ofSeconds(3);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);
    private static final int MOST_DOUBLINGS = 3;

    private final Database database;
    private final Map<String, String> settings;
    private final long runId;
    private final Time time;
    private final StopSignal stop;
    private final Backoff backoff = new Backoff(new Random());
    private volatile Session session;
    private volatile long lastAnswer;
    private int epoch;
    private long stopSeen = -1;

    /**
     * Takes the run's lock.
     *
     * @throws BackhoeException CONFLICT when another process has it
     */
    Control(Database database, Map<String, String> settings, long runId, Time time, StopSignal stop) {
        this.database = database;
        this.settings = settings;
        this.runId = runId;
        this.time = time;
        this.stop = stop;
        this.lastAnswer = time.nanos();
        this.session = open();
        if (!RunTable.lock(session, runId)) {
            session.close();
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "run_is_executed",
                    "Run " + runId + " is executed by another process. This one changed nothing.",
                    "backhoe status " + runId + "; backhoe pause " + runId + " stops it.");
        }
    }

    Session session() {
        return session;
    }

    /** Whoever finds another epoch than this when it has the lock again has lost the run meanwhile. */
    void tookOver(int asEpoch) {
        epoch = asEpoch;
    }

    /** Does a change of state, over a new connection if this one is lost; the run's lock is had again first. */
    <T> T durably(Function<Session, T> work) throws InterruptedException {
        long since = time.nanos();
        for (int attempt = 0; ; attempt++) {
            try {
                T result = work.apply(session);
                lastAnswer = time.nanos();
                return result;
            } catch (DatabaseException e) {
                boolean passing = e.kind() == ErrorKind.CONNECTION_LOST
                        || e.kind() == ErrorKind.TRANSIENT
                        || e.kind() == ErrorKind.LOCK_TIMEOUT;
                if (!passing || time.nanos() - since > WorkerSession.LOST_FOR.toNanos()) {
                    throw e;
                }
                if (e.kind() == ErrorKind.CONNECTION_LOST) {
                    reopen(since);
                }
                time.sleep(backoff.before(attempt));
            }
        }
    }

    void change(Consumer<Session> work) throws InterruptedException {
        durably(s -> {
            work.accept(s);
            return true;
        });
    }

    List<RequestTable.Request> requests() throws InterruptedException {
        return durably(s -> RequestTable.open(s, runId));
    }

    /**
     * From another thread: ends a wait for a server that has not answered for a while.
     *
     * @return whether it had not
     */
    boolean abandonIfSilent() {
        boolean silent = time.nanos() - lastAnswer > SILENT.toNanos();
        if (silent) {
            session.abandon();
        }
        return silent;
    }

    private Session open() {
        return database.open("backhoe/" + runId, settings);
    }

    private void reopen(long since) throws InterruptedException {
        session.abandon();
        for (int attempt = 0; ; attempt++) {
            try {
                session = open();
                boolean locked = RunTable.lock(session, runId);
                refuseSuperseded();
                if (locked) {
                    return;
                }
                // The server still believes in our old connection, which then still has the lock.
                session.close();
            } catch (BackhoeException | DatabaseException e) {
                boolean hopeless = e instanceof BackhoeException refused && refused.exit() != ExitCode.UNREACHABLE;
                if (hopeless || time.nanos() - since > WorkerSession.LOST_FOR.toNanos()) {
                    throw e;
                }
            }
            if (time.nanos() - since > WorkerSession.LOST_FOR.toNanos()) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "lock_lost",
                        "The connection that held the lock of run " + runId + " was lost, and another session has the"
                                + " lock now. What was committed stays.",
                        "backhoe status " + runId);
            }
            refuseAfterStop();
            time.sleep(backoff.before(Math.min(attempt + 1, MOST_DOUBLINGS)));
        }
    }

    private void refuseSuperseded() {
        if (epoch > 0 && RunTable.find(session, runId).orElseThrow().epoch() != epoch) {
            throw new Superseded(runId, epoch);
        }
    }

    private void refuseAfterStop() {
        String reason = stop.reason();
        if (reason == null) {
            return;
        }
        if (stopSeen < 0) {
            stopSeen = time.nanos();
        } else if (time.nanos() - stopSeen > STOP_WITHIN.toNanos()) {
            throw new BackhoeException(
                    ExitCode.STOPPED,
                    "stopped_unsettled",
                    "Stopped by " + reason + " while the server was out of reach: run " + runId
                            + " stands where its last batch committed, but its state could not be written.",
                    "backhoe resume " + runId);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
