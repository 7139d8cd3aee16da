package io.backhoe.ledger;

import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkState;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as the ledger has it, with what its segments have counted.
 *
 * @param number counted from 1
 * @param shownStart and {@code shownEnd}: its period, local to the scope's time zone; null for chunks that have none
 * @param changed rows written by the run
 * @param undoAsked whether somebody wants it taken back
 * @param restored and {@code kept}: rows that undo restored, and rows it left because somebody changed them since
 * @param overwritten of the restored rows those that somebody had changed since
 */
public record ChunkRecord(
        int number,
        String id,
        @Nullable LocalDateTime shownStart,
        @Nullable LocalDateTime shownEnd,
        ChunkExtent extent,
        long estimatedRows,
        ChunkState state,
        @Nullable String reason,
        @Nullable String error,
        int attempts,
        boolean undoAsked,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        long examined,
        long changed,
        long restored,
        long kept,
        long overwritten,
        long quarantined) {}
