package io.backhoe.run.throttle;

import java.util.concurrent.atomic.AtomicInteger;

/** Opens when three chunks have failed in a row: what breaks them all will break the rest. Thread-safe. */
public final class Breaker {
    private static final int LIMIT = 3;

    private final AtomicInteger inARow = new AtomicInteger();

    public void succeeded() {
        inARow.set(0);
    }

    /** @return whether the run must pause now */
    public boolean failed() {
        return inARow.incrementAndGet() >= LIMIT;
    }

    /** How many rows a run may set aside before it pauses: a hundredth of a percent of the scope, 10 to 100. */
    public static long mostQuarantined(long estimatedRows) {
        return Math.min(100, Math.max(10, estimatedRows / 10_000));
    }
}
