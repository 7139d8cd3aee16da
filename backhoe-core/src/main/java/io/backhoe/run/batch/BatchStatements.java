package io.backhoe.run.batch;

import io.backhoe.database.BatchSql;
import io.backhoe.ledger.LaterImages;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one run's batches, as they are executed.
 *
 * @param capture null when the write captures by itself, or nothing is kept
 * @param overwrite follows the write of an undo that is to restore what somebody changed since, too; null otherwise
 * @param call around a function that does the work; null where the write does it
 * @param tables that a batch reads, as far as they are known; none for all that its transaction locks, where one snapshot
 *     is for all of its statements
 * @param scratch creates the table, of the session's own, that before-images are kept in until they are somewhere else; null
 *     where they stay where they are written
 * @param untouched what some batches compare before and after the write; null for nothing
 * @param restored counts, after an undo has written, the rows that are as they were; null where its own count says that
 * @param meant counted before the write and compared with what it wrote; null where nothing can come between
 * @param lock executed before the write; null where nobody has to be kept out
 */
public record BatchStatements(
        String boundary,
        @Nullable String capture,
        String write,
        @Nullable String overwrite,
        boolean repeatableRead,
        BatchSql.@Nullable Call call,
        Set<TableName> tables,
        @Nullable String scratch,
        @Nullable UntouchedColumns untouched,
        @Nullable String restored,
        @Nullable MeantRows meant,
        @Nullable String lock) {
    /** Where nobody has to be kept out. */
    public BatchStatements(
            String boundary,
            @Nullable String capture,
            String write,
            @Nullable String overwrite,
            boolean repeatableRead,
            BatchSql.@Nullable Call call,
            Set<TableName> tables,
            @Nullable String scratch,
            @Nullable UntouchedColumns untouched,
            @Nullable String restored,
            @Nullable MeantRows meant) {
        this(
                boundary,
                capture,
                write,
                overwrite,
                repeatableRead,
                call,
                tables,
                scratch,
                untouched,
                restored,
                meant,
                null);
    }

    /** To do the work of the plan. */
    public static BatchStatements run(BatchSql sql, long runId) {
        String capture = sql.capture();
        BatchSql.Call call = sql.call();
        return new BatchStatements(
                of(sql.boundary(), runId),
                capture == null ? null : of(capture, runId),
                of(sql.write(), runId),
                null,
                sql.repeatableRead(),
                call == null
                        ? null
                        : new BatchSql.Call(
                                of(call.scratch(), runId), call.target(), of(call.rows(), runId), call.work()),
                Set.of(),
                null,
                null,
                null,
                null,
                sql.lock());
    }

    /**
     * To take it back: the write looks at each row as it is when it is locked, in one statement.
     *
     * @param later the write passes over what later runs have written
     * @param overwriting whether rows that somebody changed since are restored too
     * @param restored counts the rows that are as they were, where triggers or later runs may have made something of them
     * @throws IllegalArgumentException when no before-images are kept, or the plan has no statement to overwrite with
     */
    public static BatchStatements undo(
            BatchSql sql, LaterImages later, boolean overwriting, @Nullable String restored) {
        String boundary = sql.undoBoundary();
        String write = sql.undoWrite();
        if (boundary == null || write == null) {
            throw new IllegalArgumentException("the plan keeps no before-images");
        }
        String overwrite = overwriting ? sql.undoOverwrite() : null;
        if (overwriting && overwrite == null) {
            throw new IllegalArgumentException("the plan has no statement that overwrites");
        }
        return new BatchStatements(
                boundary.replace(BatchSql.IMAGES, later.images()),
                null,
                write.replace(BatchSql.IMAGES, later.ours()),
                overwrite == null ? null : overwrite.replace(BatchSql.IMAGES, later.images()),
                false,
                null,
                Set.of(),
                null,
                null,
                restored == null ? null : restored.replace(BatchSql.IMAGES, later.images()),
                null);
    }

    /** The same on one partition of the table. */
    BatchStatements in(@Nullable TableName partition) {
        if (partition == null) {
            return this;
        }
        String name = SqlName.quote(partition);
        return new BatchStatements(
                boundary.replace(BatchSql.PARTITION, name),
                capture == null ? null : capture.replace(BatchSql.PARTITION, name),
                write.replace(BatchSql.PARTITION, name),
                overwrite == null ? null : overwrite.replace(BatchSql.PARTITION, name),
                repeatableRead,
                call == null
                        ? null
                        : new BatchSql.Call(
                                call.scratch(),
                                call.target().replace(BatchSql.PARTITION, name),
                                call.rows(),
                                call.work()),
                tables,
                scratch,
                untouched == null ? null : untouched.in(partition),
                restored == null ? null : restored.replace(BatchSql.PARTITION, name),
                meant == null ? null : meant.in(partition),
                lock);
    }

    /** Whether the write rests between slices of time, as the batch asks it to. */
    public boolean rests() {
        return write.contains(":" + BatchSql.SLICE_PERIOD);
    }

    /** The statement that reads what a batch reads of the table. */
    public String reading() {
        return call == null || capture == null ? write : capture;
    }

    /**
     * The same, with columns compared that no batch may change, and rows counted that each has to.
     *
     * @param of all tables that a batch reads; none where they are not known
     */
    public BatchStatements over(Set<TableName> of, @Nullable UntouchedColumns columns, @Nullable MeantRows rows) {
        return new BatchStatements(
                boundary, capture, write, overwrite, repeatableRead, call, of, scratch, columns, null, rows, lock);
    }

    /** The same, which keep before-images in such a table at first. */
    public BatchStatements keepingIn(String table) {
        return new BatchStatements(
                boundary,
                capture,
                write,
                overwrite,
                repeatableRead,
                call,
                tables,
                table,
                untouched,
                restored,
                meant,
                lock);
    }

    private static String of(String sql, long runId) {
        return sql.replace(BatchSql.RUN, Long.toString(runId));
    }
}
