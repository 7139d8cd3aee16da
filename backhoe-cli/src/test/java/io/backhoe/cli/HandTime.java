package io.backhoe.cli;

import io.backhoe.value.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock that the test turns. */
final class HandTime implements Time {
    private long nanos;

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        nanos += duration.toNanos();
    }
}
