package io.backhoe;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.DatabaseTime;
import io.backhoe.ledger.LogEntry;
import io.backhoe.ledger.LogTable;
import io.backhoe.report.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one run again and again, over one connection, which is opened anew when it is lost. Reads only. Confined to one
 * thread, but for {@link #abandon()}.
 */
public final class RunWatch implements AutoCloseable {
    private final Runs runs;
    private final long runId;
    private final Supplier<Session> open;
    private volatile Session session;

    RunWatch(Runs runs, long runId, Supplier<Session> open) {
        this.runs = runs;
        this.runId = runId;
        this.open = open;
        this.session = open.get();
    }

    /** @param most how many chunks to list */
    public RunStatus status(int most) {
        return read(s -> RunStatus.read(s, runs.required(s, runId), most));
    }

    /** What time it is for the ledger. */
    public Instant now() {
        return read(DatabaseTime::now);
    }

    /**
     * What happened, in the order in which it did.
     *
     * @param since the oldest moment; null for all
     * @param limit the newest so many
     */
    public List<LogEntry> log(@Nullable Instant since, int limit) {
        return read(s -> LogTable.lines(s, runId, since, limit));
    }

    private <T> T read(Function<Session, T> work) {
        try {
            return work.apply(session);
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.CONNECTION_LOST) {
                throw e;
            }
            session.abandon();
            session = open.get();
            return work.apply(session);
        }
    }

    /** Lets go of a server that does not answer. From another thread, too. */
    public void abandon() {
        session.abandon();
    }

    @Override
    public void close() {
        session.close();
    }
}
