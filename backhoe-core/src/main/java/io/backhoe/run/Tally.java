package io.backhoe.run;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkState;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What has been counted, over all executions of a run. Thread-safe. */
final class Tally {
    final int chunks;
    final long estimatedRows;
    final AtomicInteger done = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicLong examined = new AtomicLong();
    final AtomicLong changed = new AtomicLong();
    final AtomicLong quarantined = new AtomicLong();

    Tally(List<ChunkRecord> chunks, boolean undoing) {
        this.chunks = chunks.size();
        this.estimatedRows = chunks.stream()
                .mapToLong(c -> undoing ? c.changed() : c.estimatedRows())
                .sum();
        for (ChunkRecord chunk : chunks) {
            boolean ended = undoing
                    ? chunk.state() == ChunkState.ROLLED_BACK
                    : chunk.state() == ChunkState.SUCCESS || chunk.state() == ChunkState.SKIPPED;
            done.addAndGet(ended ? 1 : 0);
            failed.addAndGet(chunk.state() == ChunkState.FAILED && !undoing ? 1 : 0);
            examined.addAndGet(undoing ? chunk.restored() + chunk.kept() : chunk.examined());
            changed.addAndGet(undoing ? chunk.restored() : chunk.changed());
            quarantined.addAndGet(chunk.quarantined());
        }
    }
}
