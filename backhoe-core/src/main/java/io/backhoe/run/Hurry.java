package io.backhoe.run;

import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sees to it that a stop takes no longer than five seconds, on a thread of its own: the one that looks after the workers
 * may itself be waiting for a server that no longer answers.
 */
final class Hurry implements Runnable, AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration LISTEN_FOR = Duration.ofMillis(1500);
    private static final Duration CANCEL_AFTER = Duration.ofSeconds(3);
    private static final Duration ABANDON_AFTER = Duration.ofMillis(4500);

    private final Execution execution;
    private final StopSignal stop;
    private final Crew crew;
    private final Control control;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread = new Thread(this, "backhoe-hurry");

    Hurry(Execution execution, StopSignal stop, Crew crew, Control control) {
        this.execution = execution;
        this.stop = stop;
        this.crew = crew;
        this.control = control;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!over.get() && execution.gate().isOpen()) {
                String reason = stop.reason();
                if (reason != null) {
                    execution.gate().close(Halt.pause(ExitCode.STOPPED, "stopped by " + reason));
                }
                execution.gate().pause(LOOK_EVERY);
            }
            hurry();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hurry() throws InterruptedException {
        execution.queue().close();
        long since = execution.time().nanos();
        boolean abandoned = false;
        boolean outOfReach = false;
        while (!over.get()) {
            long waited = execution.time().nanos() - since;
            if (waited > LISTEN_FOR.toNanos() && !outOfReach) {
                // Earlier than the workers: it still has to try another connection, to write down that the run stopped.
                outOfReach = control.abandonIfSilent();
            }
            if (waited > ABANDON_AFTER.toNanos() && !abandoned) {
                crew.abandon();
                execution.call().interrupt();
                abandoned = true;
            } else if (waited > CANCEL_AFTER.toNanos() && !abandoned) {
                crew.cancel();
                execution.call().interrupt();
            }
            execution.time().sleep(LOOK_EVERY.multipliedBy(5));
        }
    }

    @Override
    public void close() {
        over.set(true);
    }
}
