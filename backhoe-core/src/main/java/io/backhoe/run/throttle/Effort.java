package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The share of its full speed that a run aims at. It falls by half, or by a tenth where the limit is only near, and grows
 * by a fiftieth of full speed: a fifth of that from where it last had to fall, so that it stays for long near what the
 * server bears. Confined to one thread.
 */
final class Effort {
    private static final double LEAST = 0.05;
    private static final double STEP = 0.02;
    private static final double NEAR = 0.9;
    private static final double SHORTEST_SHARE = 0.2;

    private double effort = 1;
    private double fellAt = 1;

    double share() {
        return effort;
    }

    boolean isLess() {
        return effort < 1;
    }

    void halve() {
        fall(0.5);
    }

    void ease() {
        fall(0.9);
    }

    private void fall(double to) {
        fellAt = effort;
        effort = Math.max(LEAST, effort * to);
    }

    void grow() {
        boolean near = effort >= NEAR * fellAt && fellAt < 1;
        effort = Math.min(1, effort + (near ? STEP / 5 : STEP));
        // Where nothing has been wrong for long, the place where it fell is forgotten bit by bit.
        fellAt = Math.max(fellAt, effort);
    }

    void full() {
        effort = 1;
        fellAt = 1;
    }

    /**
     * As many workers as the effort asks for, and where the last is only needed in part, shorter batches and longer pauses
     * for all: what they do together is in proportion to the effort.
     */
    Course course(int most, Duration batchTime, double rest, @Nullable Limit hold) {
        int workers = Math.max(1, (int) Math.ceil(effort * most - 1e-9));
        double share = Math.min(1, effort * most / workers);
        var time = Duration.ofNanos((long) (batchTime.toNanos() * Math.max(SHORTEST_SHARE, share)));
        return new Course(workers, time, (1 + rest) / share - 1, hold);
    }

    @Override
    public String toString() {
        return Math.round(effort * 100) + " %";
    }
}
