package io.backhoe.run.chunk;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.SegmentRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a worker takes: a segment, or a chunk that nobody has begun.
 *
 * @param estimatedRows what is believed to be left, to find the largest
 */
public record SegmentTask(ChunkRecord chunk, @Nullable SegmentRecord segment, long estimatedRows) {}
