package io.backhoe.run.batch;

import io.backhoe.database.BatchSql;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one run's batches, as they are executed.
 *
 * @param capture null when the write captures by itself, or nothing is kept
 */
public record BatchStatements(String boundary, @Nullable String capture, String write, boolean repeatableRead) {

    /** To do the work of the plan. */
    public static BatchStatements run(BatchSql sql, long runId) {
        String capture = sql.capture();
        return new BatchStatements(
                of(sql.boundary(), runId),
                capture == null ? null : of(capture, runId),
                of(sql.write(), runId),
                sql.repeatableRead());
    }

    /**
     * To take it back: the write looks at each row as it is when it is locked, in one statement.
     *
     * @throws IllegalArgumentException when no before-images are kept
     */
    public static BatchStatements undo(BatchSql sql, long runId) {
        String boundary = sql.undoBoundary();
        String write = sql.undoWrite();
        if (boundary == null || write == null) {
            throw new IllegalArgumentException("the plan keeps no before-images");
        }
        return new BatchStatements(of(boundary, runId), null, of(write, runId), false);
    }

    private static String of(String sql, long runId) {
        return sql.replace(BatchSql.RUN, Long.toString(runId));
    }
}
