package io.backhoe.run;

import static java.util.Objects.requireNonNull;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.SegmentRecord;
import io.backhoe.ledger.TroubleTable;
import io.backhoe.run.batch.Batch;
import io.backhoe.run.batch.CalledWrite;
import io.backhoe.run.batch.Fence;
import io.backhoe.run.batch.GivenRows;
import io.backhoe.run.checkpoint.Checkpoint;
import io.backhoe.transform.CalledChunk;
import io.backhoe.value.ChunkState;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transactions of one segment, each behind its fence. Confined to one thread. */
final class SegmentWork {
    private final Execution execution;
    private final ChunkRecord chunk;
    private final Batch batch;
    private final @Nullable GivenRows given;
    private final Checkpoint checkpoint;
    private @Nullable ChunkState ended;
    private @Nullable Long calledRows;
    /** Committed by this worker in this stretch. */
    private long batches;

    SegmentWork(Execution execution, ChunkRecord chunk, SegmentRecord segment) {
        this.execution = execution;
        this.chunk = chunk;
        this.given = GivenRows.of(execution.plan(), execution.call(), execution.run(), chunk);
        this.batch = new Batch(
                execution.statements(),
                chunk.number(),
                chunk.extent(),
                execution.call().isPerBatch()
                        ? new CalledWrite(
                                execution.call(),
                                execution.run().id(),
                                chunk.id(),
                                execution.plan().spec().scope().table(),
                                execution.time())
                        : null,
                given);
        this.checkpoint = new Checkpoint(execution.segments(), segment);
    }

    ChunkRecord chunk() {
        return chunk;
    }

    SegmentRecord segment() {
        return checkpoint.segment();
    }

    Batch batch() {
        return batch;
    }

    /** Makes the tables of the session that the statements of the batch name. */
    void prepare(Session session) {
        if (given != null) {
            given.prepare(session);
        }
    }

    KeyRange rest() {
        return checkpoint.rest();
    }

    /** Whether a function does all of the chunk at once. */
    boolean perChunk() {
        return execution.call().isPerChunk();
    }

    /** Whether all that is left of the chunk is one batch. */
    boolean wholeChunk() {
        return execution.call().takesWholeChunks();
    }

    boolean done() {
        return checkpoint.segment().done();
    }

    /** The state that the chunk has ended in with the last batch; null when it has not, as far as is known here. */
    @Nullable
    ChunkState ended() {
        return ended;
    }

    /** Whether the server rests within a batch, as it is asked to. */
    boolean rests() {
        return !execution.call().isPerBatch()
                && !perChunk()
                && batch.statements().rests();
    }

    Batch.Outcome next(Session session, Batch.Portion portion) {
        var outcome = perChunk()
                ? batch.conclude(session, checkpoint.rest(), callForChunk(), fence())
                : batch.execute(session, checkpoint.rest(), wholeChunk() ? portion.ofAll() : portion, fence());
        checkpoint.committed(outcome.position(), outcome.examined(), outcome.done());
        batches++;
        ended = outcome.ended();
        return outcome;
    }

    /** Called once here, also when to write down that it was needs several tries. */
    private long callForChunk() {
        Long rows = calledRows;
        if (rows == null) {
            rows = execution
                    .call()
                    .chunk(new CalledChunk(
                            execution.run().id(),
                            chunk.id(),
                            requireNonNull(chunk.shownStart()),
                            requireNonNull(chunk.shownEnd())));
            calledRows = rows;
        }
        return rows;
    }

    void reread(Session session) {
        checkpoint.reread(session);
    }

    /** Passes over the next row and keeps it aside with its error, in one transaction. */
    void quarantineNext(Session session, DatabaseException error) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            var row = batch.boundary(session, checkpoint.rest(), 1);
            if (row != null) {
                if (!checkpoint.advance(session, row.last(), 1, false)) {
                    throw new IllegalStateException("the segment moved while its worker set a row aside");
                }
                if (execution.phase() == Phase.RUN) {
                    TroubleTable.quarantine(session, execution.run().id(), segment(), row.last(), error);
                } else {
                    // Looked at and not restored: undo counts such a row as kept.
                    TroubleTable.attempt(session, execution.run().id(), segment(), 1, error);
                }
                session.commit();
                checkpoint.committed(row.last(), 1, false);
            }
        } finally {
            session.rollback();
        }
    }

    /** Gives away what lies beyond about half of the rest; empty when the rest is too small for that. */
    Optional<SegmentRecord> split(Session session, long remainingRows, int batchRows) {
        if (perChunk() || wholeChunk()) {
            return Optional.empty();
        }
        long wished = Math.min(500_000, Math.max(remainingRows / 2, 4L * batchRows));
        var half = batch.boundary(session, checkpoint.rest(), wished);
        if (half != null && half.rows() < wished) {
            half = half.rows() < 2L * batchRows ? null : batch.boundary(session, checkpoint.rest(), half.rows() / 2);
        }
        return half == null ? Optional.empty() : checkpoint.split(session, half.last());
    }

    private Fence fence() {
        return new Fence() {
            @Override
            public boolean pass(Session session, @Nullable Key position, long examined, boolean done) {
                return checkpoint.advance(session, position, examined, done);
            }

            @Override
            public void keep(Session session, long changed) {
                Backing backing = execution.backing();
                if (backing != null) {
                    backing.keep(session, segment(), changed);
                }
            }

            @Override
            public boolean isDue(int every) {
                return batches % every == 0;
            }

            @Override
            public void count(Session session, long changed) {
                checkpoint.count(session, changed);
            }

            @Override
            public void overwritten(Session session, long rows) {
                checkpoint.overwritten(session, rows);
            }

            @Override
            public @Nullable ChunkState finish(Session session, long changed) {
                return execution.chunks().finishWithin(session, segment(), changed);
            }
        };
    }
}
