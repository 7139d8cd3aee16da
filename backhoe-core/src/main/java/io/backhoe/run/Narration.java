package io.backhoe.run;

import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells each second how far an execution has got, on a thread of its own that asks nobody: those who are told want to hear just
 * then when the server does not answer, and whoever takes long to listen must keep nothing waiting.
 */
final class Narration implements Runnable, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Execution execution;
    private final Standing standing;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this, "backhoe-narration");

    Narration(Execution execution, Standing standing) {
        this.execution = execution;
        this.standing = standing;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!over.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                execution.listener().progress(standing.progress());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // A run that nobody can see any more must not go on.
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
