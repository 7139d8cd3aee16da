package io.backhoe.run;

import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What becomes of rows that somebody changed since is one word for all chunks that are asked to be taken back. Who says another
 * one for some of them would say it for those, too, that somebody asked for with the word before.
 */
final class OneConflictRule {
    private OneConflictRule() {}

    /** @throws BackhoeException CONFLICT when chunks still wait to be taken back by another rule than that of the task */
    static void refuseOther(Session session, RunRecord run, Task task, List<ChunkRecord> all) {
        var asked = RunTable.onConflict(session, run.id());
        if (!run.undoing() || asked == task.onConflict()) {
            return;
        }
        boolean unfinished = run.state() == RunState.PAUSED || run.state() == RunState.ROLLING_BACK;
        Set<String> named = Objects.requireNonNullElse(task.undo(), Set.of());
        var waiting = all.stream()
                .filter(c -> c.undoAsked() && c.state() != ChunkState.ROLLED_BACK)
                .map(ChunkRecord::id)
                .filter(id -> unfinished || !named.isEmpty() && !named.contains(id))
                .toList();
        if (!waiting.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "other_on_conflict",
                    "Chunks of run " + run.id() + " wait to be taken back as was asked before, with --on-conflict "
                            + asked.word() + ": "
                            + waiting.stream().limit(6).collect(Collectors.joining(", "))
                            + (waiting.size() > 6 ? ", ..." : "") + ". --on-conflict "
                            + task.onConflict().word() + " would hold for them too. Nothing was changed.",
                    (unfinished
                                    ? "backhoe resume " + run.id() + " takes them back as asked, or add --on-conflict "
                                            + asked.word() + "; then backhoe rollback "
                                    : "Name them too, or none, for all of them: backhoe rollback ")
                            + run.id() + " --on-conflict " + task.onConflict().word()
                            + (unfinished ? " reaches the rows that were left alone." : ""));
        }
    }
}
