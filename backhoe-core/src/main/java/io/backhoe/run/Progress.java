package io.backhoe.run;

import io.backhoe.value.RunState;
import java.time.Duration;

/**
 * A run at one moment, counted in this process without asking the database.
 *
 * @param estimatedRows of all chunks, from the plan
 * @param examined rows that batches have looked at, in all executions of this run
 * @param changed rows that batches have written, likewise
 * @param rowsPerSecond examined, over the last ten seconds or so; -1 while measuring
 */
public record Progress(
        long runId,
        RunState state,
        int chunks,
        int chunksDone,
        int chunksFailed,
        long estimatedRows,
        long examined,
        long changed,
        long quarantined,
        int busyWorkers,
        double rowsPerSecond,
        Duration elapsed) {}
