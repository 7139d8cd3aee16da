package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.SegmentRecord;
import io.backhoe.ledger.TroubleTable;
import io.backhoe.run.batch.FenceBroken;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.run.throttle.BatchSizer;
import io.backhoe.run.throttle.Breaker;
import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.Optional;

/** The loop: batch after batch of one segment, until it is done, has failed, or the gate closes. Confined to one thread. */
final class SegmentLoop {
    /** How a segment's work ended here. */
    enum End {
        DONE,
        STOPPED,
        FAILED
    }

    private static final int SAME_SIZE_TRIES = 3;
    private static final String SERIALIZATION_FAILURE = "40001";

    private final Execution execution;
    private final WorkerSession sessions;
    private final Backoff backoff;
    private final BatchSizer sizer;
    private int failures;
    private int losses;
    private long lostSince;

    SegmentLoop(Execution execution, WorkerSession sessions, Backoff backoff, BatchSizer sizer) {
        this.execution = execution;
        this.sessions = sessions;
        this.backoff = backoff;
        this.sizer = sizer;
    }

    End run(SegmentWork work, SegmentTask task) throws InterruptedException {
        failures = 0;
        while (!work.done()) {
            if (!execution.gate().isOpen()) {
                return End.STOPPED;
            }
            Session session = sessions.get(work.chunk().id());
            try {
                giveAway(session, work, task);
                execution.lookout().beforeBatch(session, work, execution.phase());
                batch(session, work);
                failures = 0;
                losses = 0;
            } catch (FenceBroken e) {
                sessions.withRetries(work.chunk().id(), s -> reread(s, work));
            } catch (DatabaseException e) {
                if (!cope(work, e)) {
                    return execution.gate().isOpen() ? End.FAILED : End.STOPPED;
                }
            }
        }
        return End.DONE;
    }

    private void batch(Session session, SegmentWork work) {
        int rows = sizer.rows();
        long begun = execution.time().nanos();
        var outcome = work.next(session, rows);
        execution.tally().examined.addAndGet(outcome.examined());
        execution.tally().changed.addAndGet(outcome.changed());
        if (outcome.examined() == rows) {
            sizer.took(Duration.ofNanos(execution.time().nanos() - begun));
        }
    }

    private void giveAway(Session session, SegmentWork work, SegmentTask task) {
        long remaining = Math.max(0, task.estimatedRows() - work.segment().examined());
        if (!execution.queue().wantsSplit(task, remaining)) {
            return;
        }
        Optional<SegmentRecord> tail;
        try {
            tail = work.split(session, remaining, sizer.rows());
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.TIMEOUT
                    && e.kind() != ErrorKind.LOCK_TIMEOUT
                    && e.kind() != ErrorKind.TRANSIENT) {
                throw e;
            }
            // Nobody has to share; the batches themselves may be well.
            tail = Optional.empty();
        }
        if (tail.isEmpty()) {
            execution.queue().cannotSplit(task);
            return;
        }
        execution.listener().event("split", work.chunk().id(), "an idle worker takes over a part");
        execution.queue().offer(new SegmentTask(work.chunk(), tail.get(), remaining / 2));
    }

    /** @return whether to go on with the segment */
    private boolean cope(SegmentWork work, DatabaseException error) throws InterruptedException {
        switch (error.kind()) {
            case CONNECTION_LOST -> {
                sessions.lost();
                execution.listener().event("reconnect", work.chunk().id(), error.getMessage());
                return reconnect(work, error);
            }
            case TRANSIENT, LOCK_TIMEOUT, TIMEOUT -> {
                return again(work, error);
            }
            case BAD_ROW -> {
                return aroundBadRow(work, error);
            }
            case CANCELLED -> {
                execution
                        .gate()
                        .close(Halt.pause(
                                ExitCode.STOPPED,
                                "somebody cancelled a batch of chunk "
                                        + work.chunk().id() + " at the server; taken as a wish to pause"));
                return false;
            }
            case STATEMENT -> {
                return fail(work, error);
            }
            case PERMISSION -> {
                execution.gate().close(Halt.pause(ExitCode.UNREACHABLE, error.getMessage()));
                return false;
            }
            default -> {
                execution
                        .gate()
                        .close(Halt.pause(
                                ExitCode.UNEXPECTED,
                                "an error that is not classified, in chunk "
                                        + work.chunk().id() + ": " + error.getMessage()));
                return false;
            }
        }
    }

    /** A batch that costs the connection each time must not go on for ever. */
    private boolean reconnect(SegmentWork work, DatabaseException error) throws InterruptedException {
        long now = execution.time().nanos();
        lostSince = losses == 0 ? now : lostSince;
        if (now - lostSince > WorkerSession.LOST_FOR.toNanos()) {
            execution
                    .gate()
                    .close(Halt.pause(
                            ExitCode.UNREACHABLE,
                            "the connection was lost again and again in chunk "
                                    + work.chunk().id() + ": " + error.getMessage()));
            return false;
        }
        execution.gate().pause(backoff.before(losses++));
        sessions.withRetries(work.chunk().id(), s -> reread(s, work));
        return true;
    }

    private boolean again(SegmentWork work, DatabaseException error) throws InterruptedException {
        note(work, error);
        if (failures >= execution.plan().spec().strategy().maxRetries()) {
            return fail(work, error);
        }
        failures++;
        if (error.kind() == ErrorKind.TIMEOUT || failures > SAME_SIZE_TRIES) {
            sizer.halve();
        }
        execution
                .listener()
                .event("retry", work.chunk().id(), "batch tried again (" + failures + "): " + error.getMessage());
        // Whoever was in the way of a serializable batch has committed by now: there is nothing to wait for.
        boolean wasInTheWay = error.sqlState().equals(SERIALIZATION_FAILURE);
        if (!wasInTheWay || failures > SAME_SIZE_TRIES) {
            execution.gate().pause(backoff.before(wasInTheWay ? failures - SAME_SIZE_TRIES - 1 : failures - 1));
        }
        return true;
    }

    private boolean aroundBadRow(SegmentWork work, DatabaseException error) throws InterruptedException {
        if (sizer.rows() > 1) {
            sizer.halve();
            return true;
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
            return true;
        }
        long rows = execution.tally().quarantined.incrementAndGet();
        execution.tally().examined.incrementAndGet();
        long most = Breaker.mostQuarantined(execution.tally().estimatedRows);
        if (rows > most) {
            execution
                    .gate()
                    .close(Halt.pause(
                            ExitCode.PARTIAL,
                            rows + " rows could not be changed, more than the " + most
                                    + " that a run sets aside; the last: " + error.getMessage()));
        }
        return true;
    }

    private boolean fail(SegmentWork work, DatabaseException error) throws InterruptedException {
        boolean first = sessions.withRetries(
                work.chunk().id(),
                s -> execution.chunks().fail(s, work.chunk().number(), error.sqlState(), error.getMessage()));
        if (!first) {
            return false;
        }
        execution.tally().failed.incrementAndGet();
        execution.listener().event("chunk_failed", work.chunk().id(), error.getMessage());
        if (execution.breaker().failed()) {
            execution
                    .gate()
                    .close(Halt.pause(
                            ExitCode.PARTIAL, "three chunks failed in a row; the last: " + error.getMessage()));
        }
        return false;
    }

    private void note(SegmentWork work, DatabaseException error) throws InterruptedException {
        sessions.withRetries(work.chunk().id(), s -> {
            TroubleTable.attempt(s, execution.run().id(), work.segment(), sizer.rows(), error);
            return work;
        });
    }

    private static SegmentWork reread(Session session, SegmentWork work) {
        work.reread(session);
        return work;
    }
}
