package io.backhoe.value;

import java.time.Duration;
import java.time.Instant;

/** The only way to look at a clock or to wait; tests pass one that they turn themselves. Thread-safe. */
public interface Time {
    Instant now();

    /** A monotonic reading in nanoseconds, for differences only. */
    long nanos();

    void sleep(Duration duration) throws InterruptedException;
}
