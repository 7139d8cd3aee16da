package io.backhoe.transform;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.spec.Spec;
import io.backhoe.value.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Calls the function of a plan, and makes of what it throws an error that a run knows how to meet. Thread-safe. */
public final class Call {
    /** Where SQL does the work. */
    public static final Call NONE = new Call("", null, null, null);

    private static final Duration WHOLE_CHUNK = Duration.ofHours(1);

    private static final String INTERRUPTED = "57014";

    private final String who;
    private final @Nullable BatchFunction batch;
    private final @Nullable ChunkWork chunk;
    private final @Nullable RowComputation rows;
    private final Spec.@Nullable Statement statement;
    private final Set<Thread> running = new HashSet<>();
    private final Set<Thread> interrupted = new HashSet<>();

    private Call(String who, @Nullable BatchFunction batch, @Nullable ChunkWork chunk, @Nullable RowComputation rows) {
        this(who, batch, chunk, rows, null);
    }

    private Call(
            String who,
            @Nullable BatchFunction batch,
            @Nullable ChunkWork chunk,
            @Nullable RowComputation rows,
            Spec.@Nullable Statement statement) {
        this.who = who;
        this.statement = statement;
        this.batch = batch;
        this.chunk = chunk;
        this.rows = rows;
    }

    static Call perBatch(String who, BatchFunction function) {
        return new Call(who, function, null, null);
    }

    static Call perChunk(String who, ChunkWork work) {
        return new Call(who, null, work, null);
    }

    static Call ofRows(String who, RowComputation computation) {
        return new Call(who, null, null, computation);
    }

    static Call of(String who, Spec.Statement statement) {
        return new Call(who, null, null, null, statement);
    }

    /** What is called, as it is named to people. */
    String who() {
        return who;
    }

    public boolean isPerBatch() {
        return batch != null || statement != null;
    }

    /** Whether a batch is all that is left of a chunk. */
    public boolean takesWholeChunks() {
        return statement != null && statement.wholeChunks();
    }

    /** How long a statement may take; null for as long as usual. */
    public @Nullable Duration statementTimeout() {
        return takesWholeChunks() ? WHOLE_CHUNK : null;
    }

    /** Whether rows are given to it, and come back. */
    public boolean isOfRows() {
        return rows != null;
    }

    public boolean isPerChunk() {
        return chunk != null;
    }

    /**
     * In the transaction that is open on the session.
     *
     * @return the rows that the function says it changed
     * @throws DatabaseException without a row's values in its message
     */
    public long batch(Session session, BatchRange range, Time time) {
        if (batch == null) {
            throw new IllegalStateException("no function is called for a batch");
        }
        var guard = new Guard(session.lend(), time);
        long rows;
        try {
            rows = tracked(() -> batch.apply(range, guard.connection()), e -> session.classify(e, guard.elapsed()));
        } finally {
            guard.end();
        }
        session.reclaim();
        if (rows < 0 || rows > range.rows()) {
            throw error(
                    ErrorKind.STATEMENT,
                    Guard.STATE,
                    "says it changed " + rows + " rows of a batch of " + range.rows());
        }
        return rows;
    }

    /** Outside of any transaction. */
    public long chunk(CalledChunk of) {
        if (chunk == null) {
            throw new IllegalStateException("no function is called for a chunk");
        }
        long rows = tracked(() -> chunk.apply(of), Call::ofChunk);
        if (rows < 0) {
            throw error(ErrorKind.STATEMENT, Guard.STATE, "says it did " + rows + " rows");
        }
        return rows;
    }

    /**
     * With the transaction open, and nothing of the table locked.
     *
     * @return for each row, in order
     * @throws DatabaseException BAD_ROW when it cannot be done for one of them; without a row's values in its message
     */
    public List<RowResult> rows(long runId, List<InputRow> of) {
        if (rows == null) {
            throw new IllegalStateException("no rows are given to a function");
        }
        return tracked(
                () -> {
                    try {
                        return rows.of(runId, of);
                    } catch (DatabaseException | InterruptedException e) {
                        throw e;
                    } catch (Exception e) {
                        throw threw(ErrorKind.BAD_ROW, e);
                    }
                },
                Call::ofChunk);
    }

    /** The calling thread gives no more rows. */
    public void leave() {
        if (rows != null) {
            rows.leave();
        }
    }

    /** From another thread: interrupts the calls that go on. */
    public void interrupt() {
        synchronized (running) {
            for (Thread thread : running) {
                interrupted.add(thread);
                thread.interrupt();
            }
        }
    }

    /** What the function did that it must not do: the batch does not count, and the chunk fails. */
    public DatabaseException misbehaved(String what) {
        return error(ErrorKind.STATEMENT, Guard.STATE, what);
    }

    private interface Classifier {
        DatabaseException classify(SQLException error);
    }

    private <T> T tracked(Callable<T> work, Classifier classifier) {
        Thread self = Thread.currentThread();
        synchronized (running) {
            running.add(self);
        }
        try {
            return work.call();
        } catch (DatabaseException e) {
            throw e;
        } catch (Exception e) {
            throw classified(e, classifier, wasInterrupted(self));
        } finally {
            ended(self);
        }
    }

    private boolean wasInterrupted(Thread self) {
        synchronized (running) {
            return interrupted.contains(self);
        }
    }

    private void ended(Thread self) {
        synchronized (running) {
            running.remove(self);
            if (interrupted.remove(self)) {
                // Meant for the call; what comes after it has to end in peace.
                Thread.interrupted();
            }
        }
    }

    private DatabaseException classified(Exception error, Classifier classifier, boolean byUs) {
        if (byUs) {
            return new DatabaseException(ErrorKind.CANCELLED, INTERRUPTED, who + " was interrupted", null, error);
        }
        if (error instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return classifier.classify(sql);
            }
        }
        return threw(ErrorKind.STATEMENT, error);
    }

    /** Its message may hold a row's values: the kind of the error and the place have to do. */
    private DatabaseException threw(ErrorKind kind, Exception error) {
        return new DatabaseException(
                kind,
                Guard.STATE,
                who + " threw " + error.getClass().getName() + place(error),
                error.getMessage(),
                error);
    }

    static String place(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** Over connections of the function's own: only what says by itself that it may be repeated is. */
    private static DatabaseException ofChunk(SQLException error) {
        String state = error.getSQLState() == null ? Guard.STATE : error.getSQLState();
        return new DatabaseException(
                state.startsWith("40") ? ErrorKind.TRANSIENT : ErrorKind.STATEMENT,
                state,
                "the function's own statement failed (SQLSTATE " + state + ")",
                error.getMessage(),
                error);
    }

    private DatabaseException error(ErrorKind kind, String state, String what) {
        return new DatabaseException(kind, state, who + " " + what, null, null);
    }

    /** How long a batch's transaction may wait for the function between statements. */
    public Duration patience() {
        if (rows != null) {
            return rows.patience().plusSeconds(10);
        }
        return isPerBatch() ? Duration.ofSeconds(60) : Duration.ofSeconds(10);
    }
}
