package io.backhoe.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a run.
 *
 * @param kind {@code state}, {@code command} (somebody typed a verb), {@code executor} (a process took the run over),
 *     {@code executor_lost} (the one before it had ended without a word; {@code at} is its last sign of life), or another
 *     that the ledger's writers know
 * @param message for {@code state}: {@code RUNNING -> PAUSED}, with a reason after a colon
 * @param who and {@code origin}: who did it, and the process, role, address and application that it came from; null in
 *     events of before these were kept
 * @param why the reason that somebody gave
 * @param was and {@code became}: what it changed
 */
public record EventRecord(
        Instant at,
        String kind,
        String message,
        @Nullable String who,
        @Nullable String origin,
        @Nullable String why,
        @Nullable String was,
        @Nullable String became) {
    /** Of which nothing else is known. */
    public EventRecord(Instant at, String kind, String message) {
        this(at, kind, message, null, null, null, null, null);
    }
}
