package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.plan.Plan;
import io.backhoe.report.RunReport;
import io.backhoe.ledger.RunRecord;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.Spec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans, runs, watches and undoes backfills of one database. Thread-safe. Methods throw {@code BackhoeException} with
 * what happened, what is now true in the database, and what to do.
 */
public final class Backhoe {
    private final Database database;

    public Backhoe(Database database) {
        this.database = database;
    }

    /** Resolves a spec against the live table. Writes nothing. @param warnings become notes of the plan */
    public Plan plan(Spec spec, List<String> warnings) {
        throw new UnsupportedOperationException(database.describe());
    }

    /** Refuses (DRIFTED) when the table is no longer as planned. Writes nothing. */
    public void verify(Plan plan) {
        throw new UnsupportedOperationException();
    }

    /** Whether the ledger is there; {@link #run} makes it when it is not. */
    public boolean hasLedger() {
        throw new UnsupportedOperationException();
    }

    /** Executes a plan, and answers when the run has ended or has stopped. */
    public RunReport run(Plan plan, RunOptions options, StopSignal stop, RunListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Goes on with a run, or with the rollback of one, that has stopped or whose process has died. */
    public RunReport resume(long runId, RunOptions options, StopSignal stop, RunListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Does failed chunks and quarantined rows of a run again. */
    public RunReport retry(long runId, RunOptions options, StopSignal stop, RunListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Restores before-images. @param chunkIds which chunks; empty for all */
    public RunReport rollback(
            long runId, List<String> chunkIds, RunOptions options, StopSignal stop, RunListener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the executor of a run to pause, and waits for it. A run that no process executes is paused at once.
     *
     * @return the run as it is then
     */
    public RunReport pause(long runId, String requestedBy) {
        throw new UnsupportedOperationException();
    }

    /** Ends a run for good; what it wrote stays until it is rolled back. As {@link #pause} otherwise. */
    public RunReport cancel(long runId, String requestedBy) {
        throw new UnsupportedOperationException();
    }

    public RunReport report(long runId) {
        throw new UnsupportedOperationException();
    }

    /** Newest first; empty when there is no ledger. */
    public List<RunRecord> list(int limit) {
        throw new UnsupportedOperationException();
    }

    /**
     * The run that a person means.
     *
     * @param idOrName a run's id, a backfill's name (its newest run), or null: the only run that has not ended, else the newest run
     */
    public long find(@Nullable String idOrName) {
        throw new UnsupportedOperationException();
    }
}
