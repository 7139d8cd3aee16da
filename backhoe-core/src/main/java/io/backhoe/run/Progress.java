package io.backhoe.run;

import io.backhoe.ledger.PaceRecord;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run at one moment, counted in this process without asking the database.
 *
 * @param estimatedRows of all chunks, from the plan
 * @param examined rows that batches have looked at, in all executions of this run
 * @param changed rows that batches have written, likewise
 * @param running the chunks that are being worked on
 * @param pace how fast, and why no faster
 * @param held what all work waits for now, in the word of a {@code Limit}; null while any is done, or that is not known
 * @param elapsed how long this process has been at it
 */
public record Progress(
        long runId,
        String name,
        String table,
        RunState state,
        int chunks,
        int chunksDone,
        int chunksFailed,
        long estimatedRows,
        long examined,
        long changed,
        long quarantined,
        List<ChunkProgress> running,
        PaceRecord pace,
        @Nullable String held,
        Duration elapsed) {
    public Progress {
        running = List.copyOf(running);
    }
}
