package io.backhoe.transform;

import java.time.LocalDateTime;

/**
 * The chunk that something else than SQL is to do.
 *
 * @param chunk its id, as reports show it
 * @param start of the chunk, local to the scope's time zone; it belongs to the chunk
 * @param end does not
 */
public record CalledChunk(long runId, String chunk, LocalDateTime start, LocalDateTime end) {}
