package io.backhoe.run;

import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunTable;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
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
    private final Database database;
    private final Map<String, String> settings;
    private final long runId;
    private final Time time;
    private final Backoff backoff = new Backoff(new Random());
    private Session session;

    /**
     * Takes the run's lock.
     *
     * @throws BackhoeException CONFLICT when another process has it
     */
    Control(Database database, Map<String, String> settings, long runId, Time time) {
        this.database = database;
        this.settings = settings;
        this.runId = runId;
        this.time = time;
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

    /** Does a change of state, over a new connection if this one is lost; the run's lock is had again first. */
    <T> T durably(Function<Session, T> work) throws InterruptedException {
        long since = time.nanos();
        for (int attempt = 0; ; attempt++) {
            try {
                return work.apply(session);
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

    private Session open() {
        return database.open("backhoe/" + runId, settings);
    }

    private void reopen(long since) throws InterruptedException {
        session.abandon();
        for (int attempt = 0; ; attempt++) {
            try {
                session = open();
                // The server may still believe in our old connection, which then still has the lock.
                if (RunTable.lock(session, runId)) {
                    return;
                }
                session.close();
            } catch (BackhoeException | DatabaseException e) {
                if (time.nanos() - since > WorkerSession.LOST_FOR.toNanos()) {
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
            time.sleep(backoff.before(attempt + 2));
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
