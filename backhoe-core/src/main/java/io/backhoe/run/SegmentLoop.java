package io.backhoe.run;

import io.backhoe.backup.BackupException;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.SegmentRecord;
import io.backhoe.ledger.TroubleTable;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.FenceBroken;
import io.backhoe.run.batch.TimeSlice;
import io.backhoe.run.batch.UntouchedColumns;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.run.throttle.BatchSizer;
import io.backhoe.run.throttle.Losses;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.Optional;

/** The loop: batch after batch of one segment, until it is done, has failed, or the gate closes. Confined to one thread. */
final class SegmentLoop {
    /** How a segment's work ended here. */
    enum End {
        DONE,
        STOPPED,
        FAILED,
        /** Its worker is one too many; another goes on with it. */
        GIVEN_BACK
    }

    private static final int SAME_SIZE_TRIES = 3;
    private static final String SERIALIZATION_FAILURE = "40001";

    private final Execution execution;
    private final WorkerSession sessions;
    private final Backoff backoff;
    private final BatchSizer sizer;
    private final Seat seat;
    private final Turn turn;
    private final BadRows badRows;
    private long begun;
    private int failures;
    private int losses;
    private int unsaved;
    private long lostSince;

    /** What a worker is among the others; asked between two batches. */
    interface Seat {
        /** Whether it is one too many, and is to give its work back. */
        boolean leaves();

        /** When its batches work. */
        TimeSlice slice();
    }

    SegmentLoop(Execution execution, WorkerSession sessions, Backoff backoff, BatchSizer sizer, Seat seat) {
        this.execution = execution;
        this.sessions = sessions;
        this.backoff = backoff;
        this.sizer = sizer;
        this.seat = seat;
        this.turn = new Turn(execution);
        this.badRows = new BadRows(execution, sessions, sizer);
    }

    End run(SegmentWork work, SegmentTask task) throws InterruptedException {
        failures = 0;
        while (!work.done()) {
            if (!execution.gate().isOpen()) {
                return End.STOPPED;
            }
            if (seat.leaves()) {
                giveBack(work, task);
                return End.GIVEN_BACK;
            }
            if (turn.held()) {
                continue;
            }
            Session session = sessions.get(work.chunk().id());
            begun = execution.time().nanos();
            try {
                giveAway(session, work, task);
                execution.lookout().beforeBatch(session, work, execution.run());
                batch(session, work);
                failures = 0;
                losses = 0;
                unsaved = 0;
            } catch (FenceBroken e) {
                sessions.withRetries(work.chunk().id(), s -> reread(s, work));
            } catch (BackupException e) {
                if (!waitForBackup(work, e)) {
                    return End.STOPPED;
                }
            } catch (DatabaseException e) {
                execution
                        .listener()
                        .batch(BatchOutcome.failed(
                                work.chunk(), execution.time().nanos() - begun, e));
                if (!cope(work, e)) {
                    return execution.gate().isOpen() ? End.FAILED : End.STOPPED;
                }
            }
        }
        return End.DONE;
    }

    private void batch(Session session, SegmentWork work) throws InterruptedException {
        sizer.aim(execution.course().batchTime());
        var slice = work.rests() ? seat.slice() : TimeSlice.ALL;
        var portion = new Batch.Portion(execution.canary().most(sizer.rows()), slice);
        long since = execution.time().nanos();
        var outcome = work.next(session, portion);
        var took = Duration.ofNanos(execution.time().nanos() - since);
        execution.tally().batch(work.chunk(), outcome.examined(), outcome.changed());
        execution
                .times()
                .add(
                        execution.time().nanos(),
                        took,
                        (int) outcome.examined(),
                        execution.course().batchTime());
        execution.listener().batch(BatchOutcome.of(work.chunk(), took, outcome));
        if (outcome.examined() == sizer.rows()) {
            sizer.took(took);
        }
        execution.canary().examined(outcome.examined(), execution.gate());
        turn.rest(took, slice.rested(took, outcome.changed()));
    }

    private void giveBack(SegmentWork work, SegmentTask task) {
        execution.queue().offer(new SegmentTask(work.chunk(), work.segment(), remaining(work, task)));
    }

    private static long remaining(SegmentWork work, SegmentTask task) {
        return Math.max(0, task.estimatedRows() - work.segment().examined());
    }

    private void giveAway(Session session, SegmentWork work, SegmentTask task) {
        long remaining = remaining(work, task);
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

    /**
     * The batch was rolled back, because its before-images are not in the backup. It is tried again, smaller, for as often as
     * any batch; then the run pauses.
     */
    private boolean waitForBackup(SegmentWork work, BackupException error) throws InterruptedException {
        execution.losses().add(Losses.BACKUP, execution.time().nanos() - begun);
        if (unsaved >= execution.plan().spec().strategy().maxRetries()) {
            execution
                    .gate()
                    .close(Halt.pause(ExitCode.STOPPED, "the " + BackupException.STOPS + ": " + error.getMessage()));
            return false;
        }
        var wait = backoff.before(unsaved++);
        if (error.kind() == BackupException.Kind.SLOW) {
            sizer.halve();
        }
        execution
                .listener()
                .event(
                        "backup",
                        work.chunk().id(),
                        "batch rolled back, its backup is waited for (" + unsaved + "): " + error.getMessage());
        execution.losses().during(Losses.BACKUP, () -> execution.gate().pause(wait));
        return true;
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
                // No smaller batch is to be had of a whole chunk, and it has had its time.
                return work.wholeChunk() && error.kind() == ErrorKind.TIMEOUT ? fail(work, error) : again(work, error);
            }
            case BAD_ROW -> {
                badRows.refuseDrift(work);
                if (work.wholeChunk()) {
                    return fail(work, error);
                }
                badRows.around(work, error);
                return true;
            }
            case CANCELLED -> {
                if (sessions.hadToLetPass(begun)) {
                    return letPass(work, error);
                }
                execution
                        .gate()
                        .close(Halt.pause(
                                ExitCode.STOPPED,
                                "somebody cancelled a batch of chunk "
                                        + work.chunk().id() + " at the server; taken as a wish to pause"));
                return false;
            }
            case STATEMENT -> {
                badRows.refuseDrift(work);
                keepDetail(work, error);
                return fail(work, error);
            }
            case PERMISSION -> {
                execution.gate().close(Halt.pause(ExitCode.UNREACHABLE, error.getMessage()));
                return false;
            }
            default -> {
                keepDetail(work, error);
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
        var wait = backoff.before(losses++);
        lost(error);
        execution.losses().during(Losses.CONNECTION, () -> execution.gate().pause(wait));
        sessions.withRetries(work.chunk().id(), s -> reread(s, work));
        return true;
    }

    private boolean again(SegmentWork work, DatabaseException error) throws InterruptedException {
        note(work, error);
        if (failures >= execution.plan().spec().strategy().maxRetries()) {
            return fail(work, error);
        }
        failures++;
        lost(error);
        if (error.kind() == ErrorKind.TIMEOUT || failures > SAME_SIZE_TRIES) {
            sizer.halve();
        }
        execution
                .listener()
                .event("retry", work.chunk().id(), "batch tried again (" + failures + "): " + error.getMessage());
        // Whoever was in the way of a serializable batch has committed by now: there is nothing to wait for.
        boolean wasInTheWay = error.sqlState().equals(SERIALIZATION_FAILURE);
        if (!wasInTheWay || failures > SAME_SIZE_TRIES) {
            var wait = backoff.before(wasInTheWay ? failures - SAME_SIZE_TRIES - 1 : failures - 1);
            execution
                    .losses()
                    .during(Losses.reason(error), () -> execution.gate().pause(wait));
        }
        return true;
    }

    /** Somebody waited for what the batch had locked, and has it now. */
    private boolean letPass(SegmentWork work, DatabaseException error) throws InterruptedException {
        if (sizer.rows() == 1 || work.wholeChunk()) {
            // No smaller batch helps; so often it is tried, and no oftener.
            return again(work, error);
        }
        execution.losses().add(SignalName.BLOCKING.word(), execution.time().nanos() - begun);
        sizer.quarter();
        execution
                .listener()
                .event(
                        "throttle",
                        work.chunk().id(),
                        "a batch let somebody pass; the next has " + sizer.rows() + " rows");
        return true;
    }

    /** The time of a batch that has come to nothing. */
    private void lost(DatabaseException error) {
        execution.losses().add(Losses.reason(error), execution.time().nanos() - begun);
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
            String reason = "three chunks failed in a row; the last: " + error.getMessage();
            boolean check = error.sqlState().equals(UntouchedColumns.SQLSTATE);
            execution.gate().close(check ? Halt.verify(reason) : Halt.pause(ExitCode.PARTIAL, reason));
        }
        return false;
    }

    private void note(SegmentWork work, DatabaseException error) throws InterruptedException {
        sessions.withRetries(work.chunk().id(), s -> {
            TroubleTable.attempt(s, execution.run().id(), work.segment(), sizer.rows(), error);
            return work;
        });
    }

    /** The server's own words are for the ledger alone, and are nowhere else once the run has stopped for them. */
    private void keepDetail(SegmentWork work, DatabaseException error) throws InterruptedException {
        if (error.detail() == null) {
            return;
        }
        try {
            note(work, error);
        } catch (DatabaseException e) {
            // What is wrong with the server, a full disk, is wrong with this too: that it stops is said all the same.
            execution.listener().event("warning", work.chunk().id(), "not noted in the ledger: " + e.getMessage());
        }
    }

    private static SegmentWork reread(Session session, SegmentWork work) {
        work.reread(session);
        return work;
    }
}
