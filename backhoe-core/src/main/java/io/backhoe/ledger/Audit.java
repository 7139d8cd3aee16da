package io.backhoe.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Whether a run's chain of events is whole.
 *
 * @param events how many the chain has
 * @param notCovered how many are older than the chain and prove nothing
 * @param broken the number of the first event ({@code backhoe.event.event_id}) that does not fit; null when all do, or
 *     what is missing was at the end
 * @param evidence a sentence
 * @param head the hash of the last event. Kept elsewhere it proves later that nobody has made the chain anew; null when
 *     there is no chain
 */
public record Audit(
        long runId,
        Verdict verdict,
        long events,
        long notCovered,
        @Nullable Long broken,
        String evidence,
        @Nullable String head) {
    /** What the chain says of itself. */
    public enum Verdict {
        HOLDS,
        FAILS,
        /** The run is from before there was a chain. */
        COULD_NOT_TELL
    }
}
