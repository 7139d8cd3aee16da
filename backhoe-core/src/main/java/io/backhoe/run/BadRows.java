package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.Phase;
import io.backhoe.run.throttle.BatchSizer;
import io.backhoe.run.throttle.Breaker;
import io.backhoe.value.ExitCode;

/** What is done about rows that the server refuses. Confined to one thread. */
final class BadRows {
    private final Execution execution;
    private final WorkerSession sessions;
    private final BatchSizer sizer;

    BadRows(Execution execution, WorkerSession sessions, BatchSizer sizer) {
        this.execution = execution;
        this.sessions = sessions;
        this.sizer = sizer;
    }

    /** Halves the batch, down to the one row, and sets that aside. */
    void around(SegmentWork work, DatabaseException error) throws InterruptedException {
        if (sizer.rows() > 1) {
            sizer.halve();
            return;
        }
        long seq = work.segment().seq();
        sessions.withRetries(work.chunk().id(), s -> {
            work.reread(s);
            // If the segment has moved, a commit whose answer was lost has set the row aside; the next one may be well.
            if (work.segment().seq() == seq) {
                work.quarantineNext(s, error);
            }
            return work;
        });
        execution
                .listener()
                .event("quarantined", work.chunk().id(), "a row was set aside: SQLSTATE " + error.sqlState());
        if (execution.phase() == Phase.UNDO) {
            return;
        }
        long rows = execution.tally().quarantined.incrementAndGet();
        execution.tally().batch(work.chunk(), 1, 0);
        long most = Breaker.mostQuarantined(execution.tally().estimatedRows);
        if (rows > most) {
            execution
                    .gate()
                    .close(Halt.pause(
                            ExitCode.PARTIAL,
                            rows + " rows could not be changed, more than the " + most
                                    + " that a run sets aside; the last, in chunk "
                                    + work.chunk().id() + ": " + error.getMessage()));
        }
    }

    /** What the server refuses may be the table's doing, which has changed, and no fault of the chunk. */
    void refuseDrift(SegmentWork work) throws InterruptedException {
        sessions.withRetries(work.chunk().id(), s -> {
            execution.lookout().refuseDrift(s, execution.run());
            return work;
        });
    }
}
