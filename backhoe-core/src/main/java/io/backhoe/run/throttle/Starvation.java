package io.backhoe.run.throttle;

import java.time.Duration;

/** Notices that a run has not been able to do more for long. Confined to one thread. */
final class Starvation {
    private static final Duration AFTER = Duration.ofMinutes(10);

    private long since;
    private long told;

    Starvation(long now) {
        fed(now);
    }

    /** It does more than before, or all that it can, or is not meant to. */
    void fed(long now) {
        since = now;
        told = now;
    }

    /** Whether somebody should hear of it; again after as long. */
    boolean isDue(long now) {
        boolean due = now - told >= AFTER.toNanos();
        told = due ? now : told;
        return due;
    }

    /** When it did last. */
    long since() {
        return since;
    }

    /** For how long it has not. */
    long minutes(long now) {
        return Duration.ofNanos(now - since).toMinutes();
    }
}
