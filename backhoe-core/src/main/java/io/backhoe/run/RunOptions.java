package io.backhoe.run;

import org.jspecify.annotations.Nullable;

/**
 * How one process executes a run; none of it is in the plan.
 *
 * @param parallelism workers, 1 to 64; null takes the plan's
 * @param maxChunks stop, resumable, after so many chunks have ended; null for all
 * @param requestedBy who started it, for the ledger
 */
public record RunOptions(
        @Nullable Integer parallelism, @Nullable Integer maxChunks, String requestedBy) {
    public RunOptions {
        if (parallelism != null && (parallelism < 1 || parallelism > 64)) {
            throw new IllegalArgumentException("parallelism is 1 to 64, not " + parallelism);
        }
        if (maxChunks != null && maxChunks < 1) {
            throw new IllegalArgumentException("max chunks is at least 1, not " + maxChunks);
        }
    }
}
