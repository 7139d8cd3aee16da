package io.backhoe.cli;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.value.ChunkState;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long something took, from its first start to its last end, pauses included. Null when that is not known: the ledger
 * does not tell when the taking back of a run began.
 */
final class Took {
    private Took() {}

    static @Nullable Duration of(RunRecord run, Instant now) {
        return run.undoing() ? null : between(run.startedAt(), run.endedAt(), run.executed(), now);
    }

    static @Nullable Duration of(ChunkRecord chunk, Instant now) {
        return chunk.state() == ChunkState.ROLLED_BACK
                ? null
                : between(chunk.startedAt(), chunk.endedAt(), chunk.state() == ChunkState.RUNNING, now);
    }

    /** Until when something is counted that has no end: the clock of the ledger, which is only asked where it has to be. */
    static Instant now(RunRecord run, Supplier<Instant> clock) {
        Instant end = run.endedAt();
        return end == null || run.executed() ? clock.get() : end;
    }

    private static @Nullable Duration between(
            @Nullable Instant start, @Nullable Instant end, boolean going, Instant now) {
        if (start == null || (end == null && !going)) {
            return null;
        }
        Duration took = Duration.between(start, end == null ? now : end);
        return took.isNegative() ? Duration.ZERO : took;
    }
}
