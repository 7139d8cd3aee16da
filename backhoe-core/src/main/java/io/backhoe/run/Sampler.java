package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.run.throttle.Reading;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks for signals once a second, over a connection of its own on a thread of its own: neither workers nor the executor's
 * heartbeat wait for it. When it cannot ask, the signals grow old, and that is what stops the workers.
 */
final class Sampler implements Runnable, AutoCloseable {
    /** What is asked. */
    interface Source {
        Duration PATIENCE = Duration.ofSeconds(5);

        /** The signals that it tells; those that only now and then have something to say are not among them. */
        List<SignalName> names();

        /** How long an answer of the server is waited for. */
        default Duration patience() {
            return PATIENCE;
        }

        /** Asks, in a session that has no transaction open. */
        List<Reading> ask(Session session);
    }

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration END_WITHIN = Duration.ofMillis(300);

    private final Execution execution;
    private final String label;
    private final Source source;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private Duration patience = Duration.ZERO;
    private volatile @Nullable Session session;

    Sampler(Execution execution, String label, Source source) {
        this.execution = execution;
        this.label = label;
        this.source = source;
        this.thread = new Thread(this, "backhoe-" + label);
        source.names().forEach(execution.throttling()::watch);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            do {
                ask();
            } while (!over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void ask() {
        try {
            source.ask(open()).forEach(execution.throttling()::read);
        } catch (DatabaseException e) {
            execution.throttling().unread(source.names(), String.valueOf(e.getMessage()));
            if (e.kind() == ErrorKind.CONNECTION_LOST) {
                end();
            }
        } catch (BackhoeException e) {
            execution.throttling().unread(source.names(), e.getMessage());
        } catch (RuntimeException e) {
            // Nobody foresaw it, so nobody knows what the signals are: that holds the run, and says so.
            execution.throttling().unread(source.names(), "unexpected: " + e);
        }
    }

    private Session open() {
        Session open = session;
        var wished = source.patience();
        if (open != null && !wished.equals(patience)) {
            // Tuned since it was opened.
            open.execute("SET statement_timeout = " + wished.toMillis());
            patience = wished;
        }
        if (open == null) {
            var settings = new LinkedHashMap<>(execution.plan().session());
            settings.put("lock_timeout", "500ms");
            settings.put("statement_timeout", wished.toMillis() + "ms");
            patience = wished;
            open = execution.database().open("backhoe/" + execution.run().id() + "/" + label, settings);
            session = open;
        }
        return open;
    }

    private void end() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        thread.join(END_WITHIN.toMillis());
        Session open = session;
        if (open != null && thread.isAlive()) {
            // A server that does not answer: the thread ends with its connection.
            open.abandon();
        }
    }
}
