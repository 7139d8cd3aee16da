package io.backhoe.run.throttle;

import io.backhoe.ledger.TimeLeft;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How fast rows are examined: over the last ten seconds for people who watch, and as an exponentially weighted moving
 * average with a time constant of five minutes, with its variance, for what is left (Finch, "Incremental calculation of
 * weighted mean and variance", University of Cambridge, 2009). Its readings are of stretches of two seconds, as batches
 * end one by one. Confined to one thread.
 */
public final class Speed {
    private static final double WINDOW = 10;
    private static final double STRETCH = 2;
    private static final double TIME_CONSTANT = 300;
    private static final int FEWEST = 3;
    /** Of a normal distribution, eight of ten lie this many standard deviations around the middle. */
    private static final double EIGHT_OF_TEN = 1.2816;
    /** The rows that are left are an estimate themselves, and the next minutes are not the last ones. */
    private static final double AT_LEAST = 0.1;

    private final Deque<double[]> recent = new ArrayDeque<>();
    private double stretchBegan;
    private double stretchRows;
    private double weight;
    private double mean;
    private double variance;
    private int stretches;

    /**
     * @param nanos a monotonic reading
     * @param rows examined until then
     */
    public void read(long nanos, long rows) {
        look(nanos, rows);
        double length = nanos / 1e9 - stretchBegan;
        if (length >= STRETCH) {
            average((rows - stretchRows) / length, length);
            stretchBegan = nanos / 1e9;
            stretchRows = rows;
        }
    }

    private void look(long nanos, long rows) {
        double now = nanos / 1e9;
        if (recent.isEmpty()) {
            stretchBegan = now;
            stretchRows = rows;
        }
        recent.addLast(new double[] {now, rows});
        while (recent.size() > 2 && now - recent.getFirst()[0] > WINDOW) {
            recent.removeFirst();
        }
    }

    /** As {@link #read}, while nothing may be done: that says nothing of how long the rest takes. */
    public void held(long nanos, long rows) {
        look(nanos, rows);
        stretchBegan = nanos / 1e9;
        stretchRows = rows;
    }

    private void average(double rate, double length) {
        weight = weight * Math.exp(-length / TIME_CONSTANT) + length;
        double share = length / weight;
        double away = rate - mean;
        mean += share * away;
        variance = (1 - share) * (variance + share * away * away);
        stretches++;
    }

    /** Rows a second over the last ten seconds; empty while measuring. */
    public OptionalDouble now() {
        if (recent.size() < 2 || recent.getLast()[0] - recent.getFirst()[0] < STRETCH) {
            return OptionalDouble.empty();
        }
        double[] first = recent.getFirst();
        double[] last = recent.getLast();
        return OptionalDouble.of((last[1] - first[1]) / (last[0] - first[0]));
    }

    /** In which time so many rows are expected to be done; null while measuring, and when nothing moves. */
    public @Nullable TimeLeft left(long rows) {
        if (stretches < FEWEST || mean <= 0 || rows < 0) {
            return null;
        }
        double away = Math.max(AT_LEAST * mean, EIGHT_OF_TEN * Math.sqrt(variance));
        return new TimeLeft(seconds(rows / (mean + away)), seconds(rows / Math.max(mean - away, mean / 3)));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
