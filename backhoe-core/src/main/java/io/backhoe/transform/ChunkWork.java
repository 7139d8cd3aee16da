package io.backhoe.transform;

/** What does a chunk outside of our transactions. */
@FunctionalInterface
interface ChunkWork {
    /** @return how many rows were done, for the report */
    long apply(CalledChunk chunk) throws Exception;
}
