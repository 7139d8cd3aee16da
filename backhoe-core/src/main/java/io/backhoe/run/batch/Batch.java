package io.backhoe.run.batch;

import io.backhoe.database.BatchParameters;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ChunkState;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One transaction: where does the batch end, move the segment there, keep what was, write what shall be. Either all of
 * it is true afterwards or nothing. Immutable.
 */
public final class Batch {
    /**
     * @param position where the segment stands afterwards; null when its range was empty from the start
     * @param ended the state that the chunk has ended in with this batch; null when it has not
     */
    public record Outcome(
            @Nullable Key position,
            long examined,
            long changed,
            boolean done,
            @Nullable ChunkState ended) {}

    /**
     * How much of a segment is done at once, and how.
     *
     * @param rows to look at, at most
     * @param slice of time in which they are written
     */
    public record Portion(int rows, TimeSlice slice) {
        /** The same of all that is left. */
        public Portion ofAll() {
            return new Portion(Integer.MAX_VALUE, slice);
        }
    }

    /** The last key of a stretch, and how many rows it has. */
    public record Boundary(Key last, long rows) {}

    private static final String SERIALIZATION_FAILURE = "40001";

    /** Longer than the second after which a server ends a vacuum of its own that is in the way. */
    private static final String LOCK_PATIENCE = "SET LOCAL lock_timeout TO '2s'";

    private final BatchStatements statements;
    private final int chunk;
    private final @Nullable ChunkRange dates;
    private final @Nullable CalledWrite called;
    private final @Nullable GivenRows given;

    /** @param chunk its number */
    public Batch(BatchStatements statements, int chunk, ChunkExtent extent) {
        this(statements, chunk, extent, null, null);
    }

    /**
     * @param called what does the work; null where the statements do it
     * @param given what says what the statements write; null where they know by themselves
     */
    public Batch(
            BatchStatements statements,
            int chunk,
            ChunkExtent extent,
            @Nullable CalledWrite called,
            @Nullable GivenRows given) {
        this.statements = statements.in(extent.partition());
        this.chunk = chunk;
        this.dates = extent.dates();
        this.called = called;
        this.given = given;
    }

    /**
     * Does the next rows of a segment. When this throws, the transaction was rolled back, unless the connection was lost
     * at COMMIT: then nobody knows, and the segment must be read again.
     *
     * @param rest what is left of the segment
     * @throws FenceBroken when the segment had moved
     */
    public Outcome execute(Session session, KeyRange rest, Portion portion, Fence fence) {
        // Compared is within one snapshot: what others commit meanwhile is not ours, and whoever is faster with a row
        // of
        // the batch makes it start again.
        boolean compares = statements.untouched() != null
                && fence.isDue(statements.untouched().every());
        boolean oneSnapshot = statements.repeatableRead() || compares || statements.meant() != null;
        session.begin(oneSnapshot ? Session.Isolation.REPEATABLE_READ : Session.Isolation.READ_COMMITTED);
        try {
            var boundary = boundary(session, rest, portion.rows());
            boolean done = boundary == null || boundary.rows() < portion.rows();
            Key position = boundary == null ? rest.after() : boundary.last();
            long examined = boundary == null ? 0 : boundary.rows();
            if (done) {
                // The end of a segment is told to others; it may not be lost with the server's last unflushed commits.
                session.execute("SET LOCAL synchronous_commit TO DEFAULT");
            }
            if (!fence.pass(session, position, examined, done)) {
                throw new FenceBroken();
            }
            long changed = 0;
            if (boundary != null || isExecutedAnyway()) {
                var range = boundary == null ? rest : new KeyRange(rest.after(), boundary.last());
                var parameters = parameters(range);
                parameters.putAll(portion.slice().parameters());
                long written = write(session, range, parameters, compares);
                changed = asBefore(session, parameters, written + overwrite(session, parameters, fence));
            }
            if (oneSnapshot && session.outdates(statements.tables())) {
                throw outdated();
            }
            if (changed > 0) {
                fence.keep(session, changed);
            }
            ChunkState ended = null;
            if (done) {
                ended = fence.finish(session, changed);
            } else {
                fence.count(session, changed);
            }
            session.commit();
            return new Outcome(position, examined, changed, done, ended);
        } finally {
            session.rollback();
        }
    }

    /** A statement of the user's own for a whole chunk may be about other tables, whatever this one has in the range. */
    private boolean isExecutedAnyway() {
        return called != null && called.takesWholeChunks();
    }

    /** Where a stretch of so many rows ends; null when there is no row in the range. */
    public @Nullable Boundary boundary(Session session, KeyRange rest, long rows) {
        var parameters = parameters(rest);
        parameters.put("batch_rows", Long.toString(rows));
        List<Row> found = session.query(statements.boundary(), parameters);
        if (found.isEmpty()) {
            return null;
        }
        Row row = found.get(0);
        int keys = row.values().size() - 1;
        var last = new Key(row.values().subList(0, keys).stream()
                .map(Objects::requireNonNull)
                .toList());
        return new Boundary(last, row.number(keys));
    }

    /** Ends a segment whose work was done outside of any transaction of ours. */
    public Outcome conclude(Session session, KeyRange rest, long rows, Fence fence) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            session.execute("SET LOCAL synchronous_commit TO DEFAULT");
            if (!fence.pass(session, rest.after(), rows, true)) {
                throw new FenceBroken();
            }
            ChunkState ended = fence.finish(session, rows);
            session.commit();
            return new Outcome(rest.after(), rows, rows, true, ended);
        } finally {
            session.rollback();
        }
    }

    private long write(Session session, KeyRange range, Map<String, @Nullable String> parameters, boolean compares) {
        String lock = statements.lock();
        if (lock != null) {
            // A statement of its own: the next one's snapshot is newer than the lock, and sees all that was inserted.
            session.execute(LOCK_PATIENCE);
            session.execute(lock);
        }
        String scratch = statements.scratch();
        if (scratch != null) {
            session.execute(scratch);
        }
        var untouched = statements.untouched();
        if (untouched == null || !compares) {
            return writeAsMeant(session, range, parameters);
        }
        var before = session.query(untouched.sql(), parameters).get(0);
        long changed = writeAsMeant(session, range, parameters);
        // Triggers that wait for COMMIT would change rows after the second look.
        session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        untouched.compare(before, session.query(untouched.sql(), parameters).get(0));
        return changed;
    }

    private long writeAsMeant(Session session, KeyRange range, Map<String, @Nullable String> parameters) {
        var meant = statements.meant();
        if (meant == null) {
            return write(session, range, parameters);
        }
        long rows = session.query(meant.sql(), parameters).get(0).number(0);
        long written = write(session, range, parameters);
        meant.compare(rows, written);
        return written;
    }

    private long write(Session session, KeyRange range, Map<String, @Nullable String> parameters) {
        if (called != null) {
            return called.write(session, statements, parameters, new CalledWrite.Place(dates, range));
        }
        if (given == null) {
            return writeBySql(session, parameters);
        }
        long meant = given.give(session, parameters);
        long written = meant == 0 ? 0 : writeBySql(session, parameters);
        given.compare(meant, written);
        return written;
    }

    private long writeBySql(Session session, Map<String, @Nullable String> parameters) {
        String capture = statements.capture();
        if (capture == null) {
            return session.update(statements.write(), parameters);
        }
        long captured = session.update(capture, parameters);
        long written = session.update(statements.write(), parameters);
        if (captured != written) {
            throw mismatch(captured, written);
        }
        return written;
    }

    private long overwrite(Session session, Map<String, @Nullable String> parameters, Fence fence) {
        String overwrite = statements.overwrite();
        long rows = overwrite == null ? 0 : session.update(overwrite, parameters);
        if (rows > 0) {
            fence.overwritten(session, rows);
        }
        return rows;
    }

    /**
     * What an undo has restored: what is as it was, where a trigger may have made something else of it.
     *
     * @param written by the undo's own count
     */
    private long asBefore(Session session, Map<String, @Nullable String> parameters, long written) {
        String restored = statements.restored();
        if (restored == null) {
            return written;
        }
        session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        return session.query(restored, parameters).get(0).number(0);
    }

    /** As they are executed, on the partition of the chunk if it is one. */
    public BatchStatements statements() {
        return statements;
    }

    /** The snapshot is older than the table: whoever waits for an ALTER TABLE with a snapshot in hand sees no rows after it. */
    private static DatabaseException outdated() {
        return new DatabaseException(
                ErrorKind.TRANSIENT,
                SERIALIZATION_FAILURE,
                "a table of the batch was rewritten, emptied or replaced while the batch waited for it",
                null,
                null);
    }

    /** What was kept is not what was written. */
    public static DatabaseException mismatch(long captured, long written) {
        return new DatabaseException(
                ErrorKind.STATEMENT,
                MeantRows.SQLSTATE,
                captured + " before-images were taken but " + written + " rows updated: either 'on' finds more than one"
                        + " source row for a row, or a trigger suppresses updates",
                null,
                null);
    }

    /** What the statements are given for a stretch of the chunk; a new map each time. */
    public Map<String, @Nullable String> parameters(KeyRange keys) {
        return BatchParameters.of(chunk, dates, keys);
    }
}
