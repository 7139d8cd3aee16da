package io.backhoe.cli;

import io.backhoe.value.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock that the test turns. Others may read it. */
final class HandTime implements Time {
    private volatile long nanos;

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
        nanos = nanos + duration.toNanos();
    }
}
