package io.backhoe.run.throttle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/** The last batches of all workers. Thread-safe. */
public final class BatchTimes {
    /** What a batch took, and the rows that it looked at. */
    public record Took(Duration time, int rows) {}

    private static final int KEPT = 21;

    private final Deque<Took> last = new ArrayDeque<>();
    private long count;

    public synchronized void add(Duration time, int rows) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(new Took(time, rows));
        count++;
    }

    /** How many there have been so far. */
    public synchronized long count() {
        return count;
    }

    /** The batch in the middle by time; empty before the first. */
    public synchronized Optional<Took> median() {
        return last.stream()
                .sorted(Comparator.comparing(Took::time))
                .skip(last.size() / 2)
                .findFirst();
    }
}
