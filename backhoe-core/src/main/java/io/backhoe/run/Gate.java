package io.backhoe.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Open while the run may go on. The first reason to stop is the one that counts. Thread-safe. */
final class Gate {
    private final AtomicReference<@Nullable Halt> halt = new AtomicReference<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    void close(Halt why) {
        halt.compareAndSet(null, why);
        closed.countDown();
    }

    boolean isOpen() {
        return closed.getCount() > 0;
    }

    @Nullable
    Halt halt() {
        return halt.get();
    }

    /**
     * Waits, but no longer than until the gate closes.
     *
     * @return whether it is still open
     */
    boolean pause(Duration duration) throws InterruptedException {
        return !closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
