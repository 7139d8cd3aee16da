package io.backhoe.run.throttle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The last batches of all workers. Thread-safe. */
public final class BatchTimes {
    /** What a batch took, and the rows that it looked at. */
    public record Took(Duration time, int rows) {}

    private record Ended(long at, Took took, Duration aim) {}

    private static final int KEPT = 21;
    private static final Duration RECENT = Duration.ofSeconds(10);
    private static final int FEWEST = 5;

    private final Deque<Ended> last = new ArrayDeque<>();

    /**
     * A batch has ended.
     *
     * @param now a monotonic reading
     * @param aim what it was to take
     */
    public synchronized void add(long now, Duration time, int rows, Duration aim) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(new Ended(now, new Took(time, rows), aim));
    }

    /** The batch in the middle by time; empty before the first. */
    public synchronized Optional<Took> median() {
        return last.stream()
                .map(Ended::took)
                .sorted(Comparator.comparing(Took::time))
                .skip(last.size() / 2)
                .findFirst();
    }

    /**
     * What batches of the last ten seconds took, of what they were to take: the one in the middle. Empty when they were too
     * few: the first ones are often too large, and their size mends that.
     */
    public synchronized OptionalDouble ofAim(long now) {
        List<Double> shares = last.stream()
                .filter(e -> now - e.at <= RECENT.toNanos())
                .map(e -> (double) e.took.time().toNanos() / e.aim.toNanos())
                .sorted()
                .toList();
        return shares.size() < FEWEST ? OptionalDouble.empty() : OptionalDouble.of(shares.get(shares.size() / 2));
    }
}
