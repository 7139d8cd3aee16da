package io.backhoe.transform;

import java.sql.Connection;

/**
 * Does the work of a batch, in the batch's own transaction: what it writes over the connection, the before-images and the
 * position of the run commit together or not at all, so each row is done exactly once, whatever happens to the process.
 *
 * <p>It is called from several threads at the same time, with different connections, and again for the same rows when a
 * batch was rolled back: it must keep nothing of its own between calls, and what it does elsewhere (a message sent, a file
 * written) may happen more than once.
 *
 * <p><b>What it may change</b> are the columns that the spec names, of rows that meet {@link BatchRange#condition()}. After
 * each call this is compared with what was there before: a value that {@code preserve_existing} or {@code where} protects,
 * a row that is gone, or more rows reported than there are, roll the batch back and fail the chunk. Two things cannot be
 * seen, and are neither kept for undo nor counted: other columns, and rows outside of the batch. To change those is to do it
 * without a net.
 *
 * <p>The transaction is REPEATABLE READ, rows stay locked until the function returns, and batches are sized so that it
 * returns within the time that the policy gives a batch, a tenth of a second to two. A row that somebody else changes meanwhile makes a statement fail with SQLSTATE 40001;
 * let that exception pass, the batch is tried again.
 */
@FunctionalInterface
public interface BatchFunction {
    /**
     * @param connection of the transaction; to commit, roll back or close it, or to change what it is, is refused. To go back
     *     to a savepoint is not. It is of no use after the call
     * @return how many rows were changed, 0 to {@link BatchRange#rows()}
     * @throws Exception to have the batch rolled back. An SQLException, also as a cause, is judged by its SQLSTATE as that
     *     of any batch is: tried again, or done around the bad row, or the chunk fails. Anything else fails the chunk. When a
     *     run is to stop, a statement that goes on is cancelled and the thread is interrupted after three seconds
     */
    long apply(BatchRange range, Connection connection) throws Exception;
}
