package io.backhoe.assess;

import java.time.Duration;

/**
 * How far to look.
 *
 * @param timeout for all of it together
 * @param blockersOnly whether to leave out the questions that cannot forbid the backfill, and the map of the gap
 * @param longTransaction from which age on another's open transaction is worth a word
 * @param largeBytes from which size on a table must not be read whole again and again
 */
public record AssessOptions(Duration timeout, boolean blockersOnly, Duration longTransaction, long largeBytes) {
    /** Everything, within a minute. */
    public static final AssessOptions DEFAULT =
            new AssessOptions(Duration.ofSeconds(60), false, Duration.ofMinutes(5), 1L << 30);

    /** What a plan should be refused for, within ten seconds. */
    public static final AssessOptions BLOCKERS =
            DEFAULT.within(Duration.ofSeconds(10)).onlyBlockers();

    public AssessOptions {
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("less than a second is not enough to ask anything: " + timeout);
        }
    }

    public AssessOptions within(Duration limit) {
        return new AssessOptions(limit, blockersOnly, longTransaction, largeBytes);
    }

    public AssessOptions onlyBlockers() {
        return new AssessOptions(timeout, true, longTransaction, largeBytes);
    }
}
