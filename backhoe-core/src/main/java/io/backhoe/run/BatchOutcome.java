package io.backhoe.run;

import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.run.batch.Batch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch.
 *
 * @param chunk its chunk's id
 * @param took until it had committed or come to nothing
 * @param examined rows, when it committed
 * @param changed likewise
 * @param sqlState of the error for which it came to nothing; null when it committed
 */
public record BatchOutcome(
        String chunk,
        Duration took,
        long examined,
        long changed,
        @Nullable String sqlState) {
    static BatchOutcome of(ChunkRecord chunk, Duration took, Batch.Outcome outcome) {
        return new BatchOutcome(chunk.id(), took, outcome.examined(), outcome.changed(), null);
    }

    static BatchOutcome failed(ChunkRecord chunk, long nanos, DatabaseException error) {
        return new BatchOutcome(chunk.id(), Duration.ofNanos(nanos), 0, 0, error.sqlState());
    }
}
