package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.SegmentRecord;
import io.backhoe.ledger.Superseded;
import io.backhoe.run.batch.TimeSlice;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.run.throttle.Backoff;
import io.backhoe.run.throttle.BatchSizer;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One thread with one connection, taking segments until none is left. */
final class Worker implements Runnable, SegmentLoop.Seat {
    private static final int LARGEST_BATCH = 100_000;
    private static final int FIRST_BATCH = 1_000;
    private static final int FIRST_BYTES = 1 << 20;
    private static final int MOST_BYTES = 16 << 20;

    private final Execution execution;
    private final Crew crew;
    private final WorkerSession sessions;
    private final SegmentLoop loop;
    private boolean leaves;

    Worker(Execution execution, Crew crew) {
        this.execution = execution;
        this.crew = crew;
        var backoff = new Backoff(new Random());
        this.sessions = new WorkerSession(execution, backoff);
        int rowBytes = Math.max(1, execution.plan().access().rowBytes());
        int largest = Math.max(1, Math.min(LARGEST_BATCH, MOST_BYTES / rowBytes));
        int first = Math.max(1, Math.min(largest, Math.min(FIRST_BATCH, FIRST_BYTES / rowBytes)));
        // What a query costs by itself a smaller batch costs too.
        boolean ofAQuery = execution.plan().spec().requiredTransform().source() != null;
        var sizer = new BatchSizer(
                first, largest, ofAQuery ? first : 1, execution.course().batchTime());
        this.loop = new SegmentLoop(execution, sessions, backoff, sizer, this);
    }

    @Override
    public void run() {
        try {
            for (var task = execution.queue().take();
                    task != null;
                    task = leaves ? null : execution.queue().take()) {
                try {
                    work(task);
                } finally {
                    execution.queue().finished(task);
                }
            }
        } catch (Superseded e) {
            stop(Halt.superseded());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(Halt.pause(ExitCode.STOPPED, "interrupted"));
        } catch (BackhoeException e) {
            stop(Halt.pause(e.exit(), e.getMessage()));
        } catch (DatabaseException e) {
            stop(Halt.pause(ExitCode.UNEXPECTED, "not settled: " + e.getMessage()));
        } catch (RuntimeException | Error e) {
            // A worker that dies for a reason nobody foresaw must not leave a run that looks as if it went on.
            stop(Halt.pause(ExitCode.UNEXPECTED, "unexpected: " + e));
            throw e;
        } finally {
            sessions.close();
            execution.call().leave();
            crew.left(this, leaves);
        }
    }

    @Override
    public boolean leaves() {
        leaves = leaves || crew.isOneTooMany();
        return leaves;
    }

    @Override
    public TimeSlice slice() {
        return crew.slice(this);
    }

    /** Ends the statement that runs now, from another thread. */
    void cancel() {
        sessions.cancel();
    }

    /** The server's number of this worker's session; 0 while it has none. */
    int processId() {
        return sessions.processId();
    }

    /** Ends the batch that runs now, from another thread, so that somebody who waits for it can go on. */
    void letPass() {
        sessions.letPass();
    }

    /** Cuts the connection, from another thread: a server that does not answer does not cancel either. */
    void abandon() {
        sessions.abandon();
    }

    private void stop(Halt why) {
        execution.gate().close(why);
        execution.queue().close();
    }

    private void work(SegmentTask task) throws InterruptedException {
        SegmentRecord segment = task.segment();
        if (segment == null) {
            segment = begin(task);
        }
        @Nullable ChunkState ended = null;
        if (segment != null) {
            var work = new SegmentWork(execution, task.chunk(), segment);
            var end = loop.run(work, task);
            if (end == SegmentLoop.End.STOPPED) {
                execution.queue().close();
                return;
            }
            if (end == SegmentLoop.End.FAILED || end == SegmentLoop.End.GIVEN_BACK) {
                return;
            }
            ended = work.ended();
        }
        finish(task, ended);
    }

    private @Nullable SegmentRecord begin(SegmentTask task) throws InterruptedException {
        List<SegmentRecord> open =
                sessions.withRetries(task.chunk().id(), s -> execution.chunks().start(s, task.chunk()));
        long share = task.estimatedRows() / Math.max(1, open.size());
        open.stream().skip(1).forEach(rest -> execution.queue().offer(new SegmentTask(task.chunk(), rest, share)));
        return open.isEmpty() ? null : open.get(0);
    }

    /** @param within the state that the chunk has ended in with its last batch; mostly it has */
    private void finish(SegmentTask task, @Nullable ChunkState within) throws InterruptedException {
        String chunk = task.chunk().id();
        Optional<ChunkState> ended = within != null
                ? Optional.of(within)
                : sessions.withRetries(
                        chunk,
                        s -> Optional.ofNullable(
                                execution.chunks().finish(s, task.chunk().number())));
        if (ended.isPresent() && execution.run().undoing() && ended.get() != ChunkState.ROLLED_BACK) {
            execution.tally().failed.incrementAndGet();
            execution.listener().event("chunk_failed", chunk, "before-images of some of its rows are gone");
        } else if (ended.isPresent()) {
            execution.breaker().succeeded();
            execution.tally().done.incrementAndGet();
            execution.listener().event("chunk_done", chunk, ended.get().word());
        }
    }
}
