package io.backhoe.plan;

import io.backhoe.value.ChunkRange;
import java.time.LocalDateTime;

/**
 * A chunk of the plan.
 *
 * @param id as people name it: {@code 2023-01}, or the id that the spec lists
 * @param start and {@code end}: {@code [start, end)}, local to the scope's time zone, as shown to people
 * @param range the same in the server's text form for the chunk column's type
 * @param estimatedRows from the server's statistics
 */
public record PlannedChunk(String id, LocalDateTime start, LocalDateTime end, ChunkRange range, long estimatedRows) {}
