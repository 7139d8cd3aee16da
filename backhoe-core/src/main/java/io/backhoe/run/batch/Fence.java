package io.backhoe.run.batch;

import io.backhoe.database.Session;
import io.backhoe.value.ChunkState;
import io.backhoe.value.Key;
import org.jspecify.annotations.Nullable;

/** What moves a segment on, inside the transaction that does the work. */
public interface Fence {
    /**
     * @param done whether the segment ends here
     * @return false when the segment is not where it was believed to be: the transaction must not commit
     */
    boolean pass(Session session, @Nullable Key position, long examined, boolean done);

    /** Whether this transaction is one of which only one in so many is looked at more closely. */
    default boolean isDue(int every) {
        return false;
    }

    /**
     * Puts what the transaction has kept for undo where else it belongs, after it has written.
     *
     * @param changed how many rows it has written
     */
    default void keep(Session session, long changed) {}

    /** Counts what the transaction has written, after it has passed. */
    void count(Session session, long changed);

    /** Counts rows that undo has written over although somebody had changed them since; {@link #count} has them too. */
    default void overwritten(Session session, long rows) {}

    /**
     * As {@link #count}, where the segment ends here, and its chunk with it if nothing else of that is left.
     *
     * @return the state that the chunk has ended in; null when it has not
     */
    @Nullable
    ChunkState finish(Session session, long changed);
}
