package io.backhoe.run;

import io.backhoe.value.Cause;
import org.jspecify.annotations.Nullable;

/**
 * How one process executes a run; none of it is in the plan.
 *
 * @param parallelism workers, 1 to 64; null takes the plan's
 * @param maxChunks stop, resumable, after so many chunks have ended; null for all
 * @param requestedBy who started it, for the ledger
 * @param reason why, in his own words, for the ledger; null when he gives none
 * @param fullChecks whether checks look at everything, not at a sample; a run keeps what it was begun with
 */
public record RunOptions(
        @Nullable Integer parallelism,
        @Nullable Integer maxChunks,
        String requestedBy,
        @Nullable String reason,
        boolean fullChecks) {
    /** For somebody who gives no reason. */
    public RunOptions(@Nullable Integer parallelism, @Nullable Integer maxChunks, String requestedBy) {
        this(parallelism, maxChunks, requestedBy, null, false);
    }

    /** The same, with checks that look at everything. */
    public RunOptions checkingAll() {
        return new RunOptions(parallelism, maxChunks, requestedBy, reason, true);
    }

    public RunOptions {
        if (parallelism != null && (parallelism < 1 || parallelism > 64)) {
            throw new IllegalArgumentException("parallelism is 1 to 64, not " + parallelism);
        }
        if (maxChunks != null && maxChunks < 1) {
            throw new IllegalArgumentException("max chunks is at least 1, not " + maxChunks);
        }
    }

    /** Who started it, and why. */
    public Cause cause() {
        return new Cause(requestedBy, reason);
    }
}
