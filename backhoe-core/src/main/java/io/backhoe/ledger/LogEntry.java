package io.backhoe.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a run's log: something that happened to it, to one of its chunks, or to a batch.
 *
 * @param id tells it from every other line of the run
 * @param kind a snake_case word: that of an event, or {@code chunk_started}, {@code chunk_success}, {@code chunk_failed},
 *     {@code chunk_skipped}, {@code retry}, {@code quarantined}, {@code command}, {@code request}
 * @param chunk the chunk's id; null when it is not about one
 * @param message for people; holds no key and no DETAIL of the server
 * @param who did it, and {@code origin}: where from; null where it is not an event
 * @param why the reason that somebody gave
 * @param was and {@code became}: what it changed
 */
public record LogEntry(
        String id,
        Instant at,
        String kind,
        @Nullable String chunk,
        String message,
        @Nullable String who,
        @Nullable String origin,
        @Nullable String why,
        @Nullable String was,
        @Nullable String became) {}
