package io.backhoe.transform;

import java.time.Duration;
import java.util.List;

/** Computes what becomes of the rows of a batch, outside of the database. Thread-safe. */
interface RowComputation {
    /**
     * @param runId whose rows they are, for logs
     * @return for each row, in order
     * @throws Exception for a row that cannot be done; a {@code DatabaseException} is what it says by itself
     */
    List<RowResult> of(long runId, List<InputRow> rows) throws Exception;

    /** How long it may take for the rows of a batch. */
    Duration patience();

    /** The calling thread will compute nothing more. */
    default void leave() {}
}
