package io.backhoe.plan;

import io.backhoe.value.ChunkExtent;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of the plan.
 *
 * @param id as people name it: {@code 2023-01}, {@code key-07}, a partition's name, or the id that the spec lists
 * @param start and {@code end}: the period {@code [start, end)} that the chunk lies in, local to the scope's time zone, as
 *     shown to people; both null where chunks are not of the calendar
 * @param extent which rows it holds
 * @param estimatedRows from the server's statistics
 */
public record PlannedChunk(
        String id,
        @Nullable LocalDateTime start,
        @Nullable LocalDateTime end,
        ChunkExtent extent,
        long estimatedRows) {}
