package io.backhoe.database;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a backfill, as they stand in the plan and as they are executed. {@value #RUN} in them stands for
 * the run's number, {@value #PARTITION} for the partition that a chunk is. Parameters, all text: {@code :chunk} (the chunk's number), {@code :chunk_start}, {@code :chunk_end},
 * {@code :after_1..n} and {@code :upto_1..n} (a {@code KeyRange}; null is open), {@code :batch_rows}, and when a write works
 * and when it rests, in microseconds: the first {@code :slice_work} of each {@code :slice_period} of the server's clock, {@code
 * :slice_offset} earlier; a period of 0 is without rests.
 *
 * @param boundary reads one row: the last key of the next {@code :batch_rows} rows of the range, a column each, then the
 *     number of rows; no row when the range is empty
 * @param capture writes the before-images of the range; null when the write captures by itself, or nothing is kept
 * @param write changes the rows of the range; its count is the rows changed
 * @param repeatableRead whether the batch needs REPEATABLE READ, because capture and write are two statements
 * @param images creates the table of before-images; null when nothing is kept, and so are the next five
 * @param undoIndex creates the index that undo walks
 * @param undoBoundary as boundary, over the before-images of a chunk in key order
 * @param undoWrite restores the rows of the range that nobody changed since; its count is the rows restored
 * @param undoConflicts reads the rows of the range that {@code undoWrite} leaves alone: the key, a column each; whether
 *     the row is there; for each column that is set what was written, what is there, what was before, as text. Null in
 *     plans of before there was such a statement, and so is the next
 * @param undoOverwrite restores those of them that are there, after {@code undoWrite} and in its transaction
 * @param call what is needed around a function that does the work; null where {@code write} does it
 * @param given what is needed where rows are given to a function, before the capture; null where none are
 * @param lock keeps others from inserting until the batch ends; executed before the write. Null where a key does that
 */
public record BatchSql(
        String boundary,
        @Nullable String capture,
        String write,
        boolean repeatableRead,
        @Nullable String images,
        @Nullable String undoIndex,
        @Nullable String undoBoundary,
        @Nullable String undoWrite,
        @Nullable String undoConflicts,
        @Nullable String undoOverwrite,
        @Nullable Call call,
        @Nullable Given given,
        @Nullable String lock) {
    /**
     * Around a function that does the work of a batch, between capture and write: {@code capture} keeps every row of the
     * range in a scratch table, and {@code write} reads one row, after the call: the rows changed, those changed that were
     * not to be changed, those that are gone. It keeps the before-images of the rows changed, where they are kept.
     *
     * @param scratch creates that table if it is not there, of the session's own and empty after each transaction
     * @param target the table, as it stands in statements of the function's own
     * @param rows the condition that the rows meet which the function is to change; parameters as elsewhere
     * @param work a statement of the user's own that is executed in place of a function; null where there is one
     */
    public record Call(
            String scratch,
            String target,
            String rows,
            @Nullable String work) {
        /** Of a function. */
        public Call(String scratch, String target, String rows) {
            this(scratch, target, rows, null);
        }

        /** The same with that statement in place of a function. */
        public Call doing(String statement) {
            return new Call(scratch, target, rows, statement);
        }
    }

    /**
     * Where rows are given to a function, and what it makes of them comes back: they are read, computed, copied into a table,
     * and {@code write} sets what stands there, of rows that are as they were read.
     *
     * @param results creates that table if it is not there, of the session's own and empty after each transaction
     * @param read reads the rows of the range that are to be changed: the columns of the key, then those that the function
     *     needs, all as text
     * @param types of these columns, in the server's words
     * @param copy takes from STDIN the key and what was read, as it was read, and for each column that is set whether it is to
     *     be set, and to what
     */
    public record Given(String results, String read, List<String> types, String copy) {
        public Given {
            types = List.copyOf(types);
        }
    }

    /** Where no rows are given to a function, and nobody is kept out. */
    public BatchSql(
            String boundary,
            @Nullable String capture,
            String write,
            boolean repeatableRead,
            @Nullable String images,
            @Nullable String undoIndex,
            @Nullable String undoBoundary,
            @Nullable String undoWrite,
            @Nullable String undoConflicts,
            @Nullable String undoOverwrite,
            @Nullable Call call) {
        this(
                boundary,
                capture,
                write,
                repeatableRead,
                images,
                undoIndex,
                undoBoundary,
                undoWrite,
                undoConflicts,
                undoOverwrite,
                call,
                null,
                null);
    }

    /** By SQL alone. */
    public BatchSql(
            String boundary,
            @Nullable String capture,
            String write,
            boolean repeatableRead,
            @Nullable String images,
            @Nullable String undoIndex,
            @Nullable String undoBoundary,
            @Nullable String undoWrite,
            @Nullable String undoConflicts,
            @Nullable String undoOverwrite) {
        this(
                boundary,
                capture,
                write,
                repeatableRead,
                images,
                undoIndex,
                undoBoundary,
                undoWrite,
                undoConflicts,
                undoOverwrite,
                null);
    }

    /** Stands for the run's number in the statements of a plan. */
    public static final String RUN = "{run}";

    /** Stands for the name of a chunk's partition. */
    public static final String PARTITION = "{partition}";

    /** The parameter of a write that rests; statements of plans of before there was one have none. */
    public static final String SLICE_PERIOD = "slice_period";

    public static final String SLICE_WORK = "slice_work";
    public static final String SLICE_OFFSET = "slice_offset";

    /** What these parameters are for a write that does not rest. */
    public static final Map<String, String> WITHOUT_RESTS =
            Map.of(SLICE_PERIOD, "0", SLICE_WORK, "0", SLICE_OFFSET, "0");

    /** The table of before-images of a run, as it stands in the statements of a plan. */
    public static final String IMAGES = "backhoe.before_image_" + RUN;

    /** The same, with that statement in place of the function that is called. */
    public BatchSql doing(String statement) {
        return with(repeatableRead, call == null ? null : call.doing(statement), given);
    }

    /** The same, of rows that are given to a function, in one snapshot. */
    public BatchSql giving(Given rows) {
        return with(true, call, rows);
    }

    private BatchSql with(boolean oneSnapshot, @Nullable Call around, @Nullable Given rows) {
        return new BatchSql(
                boundary,
                capture,
                write,
                oneSnapshot,
                images,
                undoIndex,
                undoBoundary,
                undoWrite,
                undoConflicts,
                undoOverwrite,
                around,
                rows,
                lock);
    }

    /** Makes the tables of the session's own that the statements name, if they are not there. */
    public void makeTables(Session session, long runId) {
        for (String table :
                Arrays.asList(call == null ? null : call.scratch(), given == null ? null : given.results())) {
            if (table != null) {
                session.execute(table.replace(RUN, Long.toString(runId)));
            }
        }
    }

    /** The same statements with another table of before-images, for one that is made only to be rolled back. */
    public BatchSql withImages(String table) {
        return new BatchSql(
                boundary,
                replaced(capture, table),
                write.replace(IMAGES, table),
                repeatableRead,
                replaced(images, table),
                replaced(undoIndex, table),
                replaced(undoBoundary, table),
                replaced(undoWrite, table),
                replaced(undoConflicts, table),
                replaced(undoOverwrite, table),
                call,
                given,
                lock);
    }

    /**
     * Creates a table like that of before-images, of the session's own and empty after each transaction, if it is not there.
     *
     * @throws IllegalStateException when no before-images are kept
     */
    public String scratchImages(String table) {
        String created = "CREATE TABLE " + IMAGES + " AS";
        if (images == null || !images.startsWith(created)) {
            throw new IllegalStateException("the plan creates no table of before-images");
        }
        return "CREATE TEMPORARY TABLE IF NOT EXISTS " + table + " ON COMMIT DELETE ROWS AS"
                + images.substring(created.length());
    }

    private static @Nullable String replaced(@Nullable String sql, String table) {
        return sql == null ? null : sql.replace(IMAGES, table);
    }
}
