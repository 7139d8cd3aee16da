package io.backhoe.spec;

/** The calendar unit of a chunk. */
public enum ChunkBy {
    DAY,
    WEEK,
    MONTH
}
