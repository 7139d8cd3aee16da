package io.backhoe.ledger;

import io.backhoe.value.Key;
import org.jspecify.annotations.Nullable;

/**
 * A part of a chunk and how far it has got.
 *
 * @param seq how many transactions have moved it; the next one must find this number
 * @param position the last key that is done; null before the first batch
 * @param upTo the last key that is meant; null is the end of the chunk
 */
public record SegmentRecord(
        int chunk,
        int number,
        long seq,
        @Nullable Key position,
        @Nullable Key upTo,
        boolean done,
        long examined) {}
