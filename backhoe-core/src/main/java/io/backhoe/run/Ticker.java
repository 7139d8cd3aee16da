package io.backhoe.run;

import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does something now and then beside the workers of an execution, on a thread of its own that asks nobody: the connections that are
 * watched over may be the very ones that no longer answer. When it fails, the run does not go on without it.
 */
final class Ticker implements Runnable, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Execution execution;
    private final Duration every;
    private final Runnable work;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    /** @param every how long after one time comes the next; also before the first */
    Ticker(Execution execution, String label, Duration every, Runnable work) {
        this.execution = execution;
        this.every = every;
        this.work = work;
        this.thread = new Thread(this, "backhoe-" + label);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!over.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                work.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
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
