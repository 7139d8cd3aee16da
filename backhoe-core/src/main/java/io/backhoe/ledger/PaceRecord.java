package io.backhoe.ledger;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run is, and why no faster, as its executor last said.
 *
 * @param at when it said so
 * @param workers how many there may be
 * @param busy how many have work
 * @param batchTarget how long a batch may take
 * @param batchTime the median of the last batches; null before the first
 * @param batchRows likewise, rows examined
 * @param rowsPerSecond examined, over the last ten seconds or so; null while that is being measured
 * @param left in which time the rest is expected to be done; null while that is being measured
 */
public record PaceRecord(
        Instant at,
        int workers,
        int busy,
        Duration batchTarget,
        @Nullable Duration batchTime,
        @Nullable Integer batchRows,
        @Nullable Double rowsPerSecond,
        @Nullable TimeLeft left,
        Limit limit) {
    private static final Duration FRESH = Duration.ofSeconds(15);

    /** Whether it can be taken for what is true at that moment: an executor says it every two seconds. */
    public boolean isFresh(Instant now) {
        return Duration.between(at, now).compareTo(FRESH) <= 0;
    }
}
