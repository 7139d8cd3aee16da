package io.backhoe.run;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkState;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
    private final ConcurrentMap<Integer, AtomicLong> ofChunks = new ConcurrentHashMap<>();
    private final boolean undoing;

    Tally(List<ChunkRecord> chunks, boolean undoing) {
        this.undoing = undoing;
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

    /** A batch of a chunk has committed. */
    void batch(ChunkRecord chunk, long rowsExamined, long rowsChanged) {
        examined.addAndGet(rowsExamined);
        changed.addAndGet(rowsChanged);
        ofChunks.computeIfAbsent(chunk.number(), n -> new AtomicLong()).addAndGet(rowsExamined);
    }

    /** What there is to tell of chunks that are being worked on; each is named once for each of its workers. */
    List<ChunkProgress> progress(List<ChunkRecord> busy) {
        var workers = new LinkedHashMap<ChunkRecord, Integer>();
        busy.forEach(chunk -> workers.merge(chunk, 1, Integer::sum));
        return workers.entrySet().stream()
                .sorted(Comparator.comparing(e -> e.getKey().number()))
                .map(e -> progress(e.getKey(), e.getValue()))
                .toList();
    }

    private ChunkProgress progress(ChunkRecord chunk, int workers) {
        long before = undoing ? chunk.restored() + chunk.kept() : chunk.examined();
        var now = ofChunks.get(chunk.number());
        return new ChunkProgress(
                chunk.id(),
                undoing ? chunk.changed() : chunk.estimatedRows(),
                before + (now == null ? 0 : now.get()),
                workers);
    }
}
