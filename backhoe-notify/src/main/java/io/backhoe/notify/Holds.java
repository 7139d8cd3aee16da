package io.backhoe.notify;

import io.backhoe.ledger.Limit;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a run has been standing still for long: no row is examined, and something is named that it waits for.
 * Confined to one thread.
 */
final class Holds {
    /** What keeps a run from being faster while it goes on. */
    private static final Set<String> WORKING = Set.of("workers", "chunks", "policy", "stopping");

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofMinutes(10);
    private static final Duration LATER = Duration.ofHours(1);

    private long examined = -1;
    private long since;
    private Duration next = FIRST;
    private boolean told;

    /**
     * @param nanos a monotonic reading
     * @return for how long, when that is to be told: after a minute, ten, and then each hour
     */
    @Nullable
    Duration look(HowFar far, long nanos) {
        Limit limit = far.limit();
        if (far.examined() != examined || limit == null || !isHold(limit.signal())) {
            examined = far.examined();
            since = nanos;
            next = FIRST;
            return null;
        }
        var held = Duration.ofNanos(nanos - since);
        if (held.compareTo(next) < 0) {
            return null;
        }
        next = next.equals(FIRST) ? SECOND : next.equals(SECOND) ? LATER : next.plus(LATER);
        told = true;
        return held;
    }

    /** Whether a run that stands still waits for that, and not for its own work. */
    static boolean isHold(String signal) {
        return !WORKING.contains(signal);
    }

    /** Whether a hold that was told is over; true once. */
    boolean over() {
        boolean over = told && next.equals(FIRST);
        told &= !over;
        return over;
    }
}
