package io.backhoe.ledger;

import io.backhoe.value.RunState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run as the ledger has it.
 *
 * @param undoing whether its work is, or last was, to take back
 * @param epoch counts the executors; what an older one writes is fenced off
 * @param executed whether a process holds the run's lock now
 * @param purgedAt when its before-images were dropped; null when nobody has dropped them
 * @param images whether it has before-images, here or in its backup: it can be taken back
 * @param backup where they are outside of this database; null where they are nowhere else
 */
public record RunRecord(
        long id,
        String name,
        String planHash,
        String table,
        RunState state,
        @Nullable String reason,
        @Nullable Integer exitCode,
        boolean undoing,
        int epoch,
        @Nullable String executor,
        boolean executed,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Instant purgedAt,
        boolean images,
        @Nullable String backup) {

    /** The same run in another state, as its executor has just moved it. */
    public RunRecord inState(RunState next) {
        return new RunRecord(
                id, name, planHash, table, next, reason, exitCode, undoing, epoch, executor, executed, createdAt,
                startedAt, endedAt, purgedAt, images, backup);
    }

    /** The same run with another kind of work. */
    public RunRecord inPhase(Phase phase) {
        return new RunRecord(
                id,
                name,
                planHash,
                table,
                state,
                reason,
                exitCode,
                phase == Phase.UNDO,
                epoch,
                executor,
                executed,
                createdAt,
                startedAt,
                endedAt,
                purgedAt,
                images,
                backup);
    }
}
