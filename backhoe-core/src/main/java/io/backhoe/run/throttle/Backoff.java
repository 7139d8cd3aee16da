package io.backhoe.run.throttle;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: full jitter, a random time up to 100 ms x 2^n, at most 10 s (Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Thread-safe if its generator is.
 */
public final class Backoff {
    private static final long BASE_MILLIS = 100;
    private static final long MOST_MILLIS = 10_000;
    private static final int MOST_DOUBLINGS = 10;

    private final RandomGenerator random;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** @param attempt how many times it has failed before, from 0 */
    public Duration before(int attempt) {
        long ceiling = Math.min(MOST_MILLIS, BASE_MILLIS << Math.min(attempt, MOST_DOUBLINGS));
        return Duration.ofMillis(random.nextLong(ceiling + 1));
    }
}
