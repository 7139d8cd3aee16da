package io.backhoe.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cancels that we send ourselves, so that those of people are told from them: the server says of both the same. Thread-safe.
 */
final class OwnCancels {
    /** The server has passed it on by the time that it has been sent; the answer to it may still be under way. */
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(1);

    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Long> sent = new AtomicReference<>();

    /** @param nanos a monotonic clock */
    OwnCancels(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void send(Runnable cancel) {
        // It may have its effect before we know that it was sent.
        sent.set(nanos.getAsLong());
        cancel.run();
        sent.set(nanos.getAsLong());
    }

    /**
     * Whether a statement that was cancelled just now may have been by us: what does not look for interrupts ends long after,
     * and a cancel that comes late finds the next batch.
     *
     * @param begun when the work began that was cancelled
     */
    boolean wasOurs(long begun) {
        Long last = sent.get();
        return last != null && (last - begun >= 0 || nanos.getAsLong() - last <= ARRIVES_WITHIN.toNanos());
    }
}
