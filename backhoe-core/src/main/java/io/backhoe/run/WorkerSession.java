package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.run.throttle.Losses;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker's connection: opened when first needed, opened anew when it is lost, for up to ten minutes. Confined to one
 * thread, except {@link #cancel()}.
 */
final class WorkerSession implements AutoCloseable {
    static final Duration LOST_FOR = Duration.ofMinutes(10);
    private static final Duration BY_KEY_ALONE = Duration.ofMinutes(10);
    private static final Duration SHORTEST_AIM = Duration.ofMillis(500);
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);
    private static final int STATE_CHANGE_TRIES = 10;

    private final Execution execution;
    private final Backoff backoff;
    private Duration timeout = Duration.ZERO;
    private final OwnCancels letPass;
    private volatile @Nullable Session session;

    WorkerSession(Execution execution, Backoff backoff) {
        this.execution = execution;
        this.backoff = backoff;
        this.letPass = new OwnCancels(execution.time()::nanos);
    }

    /** The session, named after the chunk. Waits for the server to come back if it must. */
    Session get(String chunk) throws InterruptedException {
        Session open = session;
        if (open == null) {
            open = connect(chunk);
            session = open;
        } else if (!timeout.equals(statementTimeout())) {
            // Tuned since it was opened.
            var wished = statementTimeout();
            open.execute("SET statement_timeout = " + wished.toMillis());
            timeout = wished;
        }
        return open;
    }

    /** Forgets a session that is of no use any more. */
    void lost() {
        Session gone = session;
        session = null;
        if (gone != null) {
            gone.abandon();
        }
    }

    /** Does a change of state, however often the connection is lost or the server is busy meanwhile. */
    <T> T withRetries(String chunk, Function<Session, T> work) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                return work.apply(get(chunk));
            } catch (DatabaseException e) {
                if (e.kind() == ErrorKind.CONNECTION_LOST) {
                    lost();
                } else if (!mayPass(e.kind()) || attempt >= STATE_CHANGE_TRIES) {
                    throw e;
                }
                var wait = backoff.before(attempt);
                execution
                        .losses()
                        .during(Losses.reason(e), () -> execution.gate().pause(wait));
            }
        }
    }

    private static boolean mayPass(ErrorKind kind) {
        return kind == ErrorKind.TRANSIENT
                || kind == ErrorKind.LOCK_TIMEOUT
                || kind == ErrorKind.TIMEOUT
                || kind == ErrorKind.CANCELLED;
    }

    /** Where a chunk is looked for in all of the key, finding its next row may take long, and no smaller batch helps. */
    private Duration statementTimeout() {
        Duration own = execution.call().statementTimeout();
        if (own != null) {
            return own;
        }
        var access = execution.plan().access();
        if (access.keyset().equals(access.key())) {
            return BY_KEY_ALONE;
        }
        // A batch that is meant to be shorter than usual is not what a slow server is to be judged by.
        var aim = execution.course().batchTime();
        return (aim.compareTo(SHORTEST_AIM) < 0 ? SHORTEST_AIM : aim).multipliedBy(20);
    }

    private Session connect(String chunk) throws InterruptedException {
        var settings = new LinkedHashMap<>(execution.plan().session());
        settings.put("synchronous_commit", "off");
        settings.put("lock_timeout", LOCK_TIMEOUT.toMillis() + "ms");
        timeout = statementTimeout();
        settings.put("statement_timeout", timeout.toMillis() + "ms");
        settings.put(
                "idle_in_transaction_session_timeout",
                execution.call().patience().toSeconds() + "s");
        String label = "backhoe/" + execution.run().id() + "/" + chunk;
        long since = execution.time().nanos();
        for (int attempt = 0; ; attempt++) {
            try {
                return execution.database().open(label, settings);
            } catch (BackhoeException | DatabaseException e) {
                boolean unreachable = e instanceof BackhoeException refused
                        ? refused.exit() == ExitCode.UNREACHABLE
                        : ((DatabaseException) e).kind() == ErrorKind.CONNECTION_LOST
                                || ((DatabaseException) e).kind() == ErrorKind.TRANSIENT;
                boolean outOfTime = execution.time().nanos() - since > LOST_FOR.toNanos();
                if (!unreachable || outOfTime || !execution.gate().isOpen()) {
                    throw e;
                }
                execution.listener().event("reconnect", chunk, "waiting for the server: " + e.getMessage());
                var wait = backoff.before(attempt + 3);
                execution
                        .losses()
                        .during(Losses.CONNECTION, () -> execution.gate().pause(wait));
            }
        }
    }

    /** The server's number of this session; 0 while there is none. */
    int processId() {
        Session open = session;
        return open == null ? 0 : open.processId();
    }

    /** Ends the statement that runs now, because somebody waits for what it has locked. From another thread. */
    void letPass() {
        letPass.send(this::cancel);
    }

    /**
     * Whether it may have been {@link #letPass()} that a statement has just been cancelled by, and no person.
     *
     * @param begun when its batch began
     */
    boolean hadToLetPass(long begun) {
        return letPass.wasOurs(begun);
    }

    /** Ends the statement that runs now, from another thread. */
    void cancel() {
        Session open = session;
        if (open != null) {
            try {
                open.cancel();
            } catch (DatabaseException e) {
                // A server out of reach runs nothing for us that had to be waited for; the next worker's turn.
                execution.listener().event("reconnect", "", "could not cancel: " + e.getMessage());
            }
        }
    }

    void abandon() {
        Session open = session;
        if (open != null) {
            open.abandon();
        }
    }

    @Override
    public void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
