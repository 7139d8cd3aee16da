package io.backhoe.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The workers of an execution, as many as its pace wants: one more is started, and one too many leaves between two batches
 * and gives back what it has not done. Thread-safe.
 */
final class Crew {
    private final Execution execution;
    private final List<Worker> living = new ArrayList<>();
    private int leaving;

    Crew(Execution execution) {
        this.execution = execution;
    }

    /** Starts workers until there are as many as wanted. Those that find nothing to do end at once. */
    synchronized void fill() {
        for (int missing = execution.pace().workers() - (living.size() - leaving); missing > 0; missing--) {
            var worker = new Worker(execution, this);
            living.add(worker);
            var thread = new Thread(worker, "backhoe-worker");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Asked by a worker between two batches. Whoever is told so leaves. */
    synchronized boolean isOneTooMany() {
        boolean tooMany = living.size() - leaving > execution.pace().workers();
        leaving += tooMany ? 1 : 0;
        return tooMany;
    }

    /** @param asTold whether it was told that it is one too many */
    synchronized void left(Worker worker, boolean asTold) {
        living.remove(worker);
        leaving -= asTold ? 1 : 0;
        notifyAll();
    }

    /**
     * Waits for the last to leave.
     *
     * @return whether all have
     */
    synchronized boolean await(Duration atMost) throws InterruptedException {
        long until = execution.time().nanos() + atMost.toNanos();
        while (!living.isEmpty()) {
            long rest = TimeUnit.NANOSECONDS.toMillis(until - execution.time().nanos());
            if (rest <= 0) {
                return false;
            }
            wait(rest);
        }
        return true;
    }

    /** Ends the statements that run now. */
    void cancel() {
        all().forEach(Worker::cancel);
    }

    /** Cuts the connections. */
    void abandon() {
        all().forEach(Worker::abandon);
    }

    private synchronized List<Worker> all() {
        return List.copyOf(living);
    }
}
