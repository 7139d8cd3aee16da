package io.backhoe.run;

import io.backhoe.run.batch.TimeSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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
        if (!execution.gate().isOpen()) {
            return;
        }
        for (int missing = execution.course().workers() - (living.size() - leaving); missing > 0; missing--) {
            var worker = new Worker(execution, this);
            living.add(worker);
            var thread = new Thread(worker, "backhoe-worker");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Asked by a worker between two batches. Whoever is told so leaves. */
    synchronized boolean isOneTooMany() {
        boolean tooMany = living.size() - leaving > execution.course().workers();
        leaving += tooMany ? 1 : 0;
        return tooMany;
    }

    /** When this one works. */
    synchronized TimeSlice slice(Worker worker) {
        return TimeSlice.of(execution.course().rest(), Math.max(0, living.indexOf(worker)), Math.max(1, living.size()));
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

    /** The server's numbers of the sessions that work. */
    Set<Integer> processIds() {
        // 0 is nobody's, and the server's number for whoever has locks without a session.
        return all().stream().map(Worker::processId).filter(id -> id != 0).collect(Collectors.toSet());
    }

    /** Ends the batches that these server processes are at, because somebody waits for what they have. */
    void letPass(Set<Integer> processes) {
        all().stream().filter(w -> processes.contains(w.processId())).forEach(Worker::letPass);
    }

    private synchronized List<Worker> all() {
        return List.copyOf(living);
    }
}
