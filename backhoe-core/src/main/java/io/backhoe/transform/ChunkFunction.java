package io.backhoe.transform;

import java.time.LocalDateTime;

/**
 * Does the work of a chunk, by whatever means it has. <b>At least once:</b> the chunk is marked as running before the call
 * and as done after it, so a process that dies in between leaves it to be done again from its start. It must therefore be
 * able to repeat itself. Nothing is kept for undo, and a rollback of such a run is refused.
 *
 * <p>Called from several threads at the same time, with different chunks.
 */
@FunctionalInterface
public interface ChunkFunction {
    /**
     * @param start of the chunk, local to the scope's time zone; it belongs to the chunk
     * @param end does not
     * @return how many rows were done, for the report; not negative
     * @throws Exception to fail the chunk; after an SQLException of class 40 (a serialization failure, a deadlock) it is
     *     called again instead. When a run is to stop, the thread is interrupted after three seconds
     */
    long apply(LocalDateTime start, LocalDateTime end) throws Exception;
}
