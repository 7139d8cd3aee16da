package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.util.List;
import java.util.Set;

/** How far a run is, or the taking back of one. */
record Standing(int percent, long chunksDone, int chunks) {
    private static final Set<ChunkState> DONE = Set.of(ChunkState.SUCCESS, ChunkState.SKIPPED, ChunkState.ROLLED_BACK);
    private static final int CELLS = 25;

    static Standing of(RunAccount account) {
        return account.run().undoing() ? undo(account) : run(account);
    }

    private static Standing run(RunAccount account) {
        var chunks = account.report().chunks();
        long done = chunks.stream().filter(c -> DONE.contains(c.state())).count();
        boolean all = done == chunks.size() && account.run().state() != RunState.PLANNED;
        int percent = all ? 100 : Numbers.percent(account.report().examined(), account.estimatedRows());
        return new Standing(percent, done, chunks.size());
    }

    private static Standing undo(RunAccount account) {
        List<ChunkRecord> asked = account.report().chunks().stream()
                .filter(c -> c.undoAsked() || c.state() == ChunkState.ROLLED_BACK)
                .toList();
        long back =
                asked.stream().filter(c -> c.state() == ChunkState.ROLLED_BACK).count();
        long rows = asked.stream().mapToLong(ChunkRecord::changed).sum();
        long settled = asked.stream().mapToLong(c -> c.restored() + c.kept()).sum();
        int percent = back == asked.size() ? 100 : Numbers.percent(settled, rows);
        return new Standing(percent, back, asked.size());
    }

    String bar() {
        int full = percent * CELLS / 100;
        return "█".repeat(full) + "░".repeat(CELLS - full);
    }

    @Override
    public String toString() {
        return percent + "% (" + chunksDone + "/" + chunks + " chunks)";
    }
}
