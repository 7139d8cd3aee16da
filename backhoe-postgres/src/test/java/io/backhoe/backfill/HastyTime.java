package io.backhoe.backfill;

import io.backhoe.value.SystemTime;
import io.backhoe.value.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's clock, which can be put forward. Thread-safe. */
final class HastyTime implements Time {
    private final Time real = new SystemTime();
    private final AtomicLong ahead = new AtomicLong();

    void skip(Duration duration) {
        ahead.addAndGet(duration.toNanos());
    }

    @Override
    public Instant now() {
        return real.now().plusNanos(ahead.get());
    }

    @Override
    public long nanos() {
        return real.nanos() + ahead.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        real.sleep(duration);
    }
}
