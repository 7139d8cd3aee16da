package io.backhoe.notify;

import io.backhoe.value.Time;
import java.time.Duration;
import java.time.Instant;

/** A clock that a test turns. */
final class HandTime implements Time {
    long now;

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        now += duration.toNanos();
    }
}
