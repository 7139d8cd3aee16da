package io.backhoe.run;

import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Has an execution work as hard as its signals allow, on a thread of its own that asks nobody: the connections that are
 * watched over may be the very ones that no longer answer.
 */
final class Steering implements Runnable, AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Execution execution;
    private final Crew crew;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "backhoe-steering");

    Steering(Execution execution, Crew crew) {
        this.execution = execution;
        this.crew = crew;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            int workers = execution.course().workers();
            while (!over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                execution.throttling().look(execution.times());
                execution.throttling().steer();
                int wished = execution.course().workers();
                if (wished > workers) {
                    crew.fill();
                }
                workers = wished;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // Workers that nobody steers must not go on.
            execution.gate().close(Halt.pause(ExitCode.UNEXPECTED, "unexpected: " + e));
            execution.queue().close();
            throw e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        thread.join(PATIENCE.toMillis());
    }
}
