package io.backhoe.ledger;

import java.time.Duration;

/** In which time the rest of a run is expected to be done: eight of ten end between the two. */
public record TimeLeft(Duration low, Duration high) {
    public TimeLeft {
        if (low.isNegative() || high.compareTo(low) < 0) {
            throw new IllegalArgumentException("0 <= low <= high, not " + low + " and " + high);
        }
    }
}
