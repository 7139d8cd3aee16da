package io.backhoe.run;

import io.backhoe.ledger.CanaryTable;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.RunTotals;
import io.backhoe.ledger.Superseded;
import io.backhoe.spec.CheckKind;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What state a run is left in when its workers have ended: read from the ledger, not from what they believed. */
final class Settlement {
    private final Control control;
    private final RunRecord run;
    private final Task task;
    private final Lookout lookout;
    private final Examination examination;
    private final RunListener listener;

    Settlement(
            Control control, RunRecord run, Task task, Lookout lookout, Examination examination, RunListener listener) {
        this.control = control;
        this.run = run;
        this.task = task;
        this.lookout = lookout;
        this.examination = examination;
        this.listener = listener;
    }

    /** @param undoing what was known when it began to take the run back; null when it did not */
    RunState settle(@Nullable Halt halt, @Nullable UndoWork undoing) throws InterruptedException {
        if (halt != null && halt.next() == RunState.RUNNING) {
            throw new Superseded(run.id(), run.epoch());
        }
        if (undoing == null) {
            return settleRun(halt, control.durably(s -> RunTotals.read(s, run.id())));
        }
        var chunks = control.durably(s -> ChunkTable.all(s, run.id()));
        return settleUndo(halt, undoing, chunks, task.select(chunks));
    }

    private RunState settleRun(@Nullable Halt halt, RunTotals totals) throws InterruptedException {
        long left = totals.count(ChunkState.PENDING) + totals.count(ChunkState.RUNNING);
        if (left > 0) {
            if (halt != null && halt.canary()) {
                return moveAfterCanary(halt);
            }
            control.change(s -> new ChunkTable(run.id(), run.epoch(), Phase.RUN).release(s));
        }
        if (left > 0 && (halt == null || halt.next() != RunState.VERIFYING)) {
            return halt == null
                    ? move(
                            run,
                            RunState.PAUSED,
                            "stopped after the chunks asked for; " + left + " wait",
                            ExitCode.STOPPED)
                    : move(run, halt.next(), halt.reason(), halt.exit());
        }
        String drift = left > 0 ? null : drift();
        if (drift != null) {
            return move(run, RunState.PAUSED, drift, ExitCode.DRIFTED);
        }
        move(run, RunState.VERIFYING, null, null);
        var verifying = run.inState(RunState.VERIFYING);
        var examined = examination.of(verifying);
        Halt stopped = examined.halt();
        if (stopped != null) {
            return move(verifying, stopped.next(), stopped.reason(), stopped.exit());
        }
        if (!examined.answers().isEmpty()) {
            control.change(s -> CheckTable.write(s, verifying, examined.answers()));
        }
        return move(verifying, examined.answers(), totals, left);
    }

    /** The last batches may have met another table than was looked at seconds ago; null when it is the same. */
    private @Nullable String drift() throws InterruptedException {
        try {
            control.change(s -> lookout.refuseDrift(s, run));
            return null;
        } catch (BackhoeException e) {
            return e.getMessage();
        }
    }

    /** That chunks failed is known without a check, and is PARTIAL; whatever else does not hold is FAILED. */
    private RunState move(RunRecord verifying, List<CheckRecord> answers, RunTotals totals, long waiting)
            throws InterruptedException {
        String left = said(
                count(totals.count(ChunkState.FAILED), "chunk", "failed"),
                count(waiting, "chunk", "not begun or not ended"),
                count(totals.quarantined(), "row", "set aside"));
        String bad = answers.stream()
                .filter(a -> !a.holds())
                .filter(a -> left.isEmpty() || !a.name().equals(CheckKind.ALL_CHUNKS_SUCCEEDED.word()))
                .map(a -> a.name() + " " + a.verdict().word().replace('_', ' ') + ": " + a.evidence())
                .collect(Collectors.joining("; "));
        if (!bad.isEmpty()) {
            return move(verifying, RunState.FAILED, left.isEmpty() ? bad : left + "; " + bad, ExitCode.CHECK_FAILED);
        }
        return left.isEmpty()
                ? move(verifying, RunState.SUCCEEDED, null, ExitCode.SUCCESS)
                : move(verifying, RunState.PARTIAL, left, ExitCode.PARTIAL);
    }

    /** The checks of the canary are for whoever looks at it now, and change nothing of the state. */
    private RunState moveAfterCanary(Halt halt) throws InterruptedException {
        var examined = examination.ofCanary(run);
        Halt stopped = examined.halt();
        if (stopped == null) {
            if (!examined.answers().isEmpty()) {
                control.change(s -> CheckTable.write(s, run, examined.answers()));
            }
            control.change(s -> CanaryTable.done(s, run));
        }
        control.change(s -> new ChunkTable(run.id(), run.epoch(), Phase.RUN).release(s));
        return stopped == null
                ? move(run, halt.next(), halt.reason() + verdicts(examined.answers()), halt.exit())
                : move(
                        run,
                        stopped.next(),
                        stopped.reason() + "; resume asks those of the canary again",
                        stopped.exit());
    }

    /** Names and verdicts only: what they saw may hold the server's words, and the reason goes far. */
    private static String verdicts(List<CheckRecord> answers) {
        return answers.isEmpty()
                ? ""
                : answers.stream()
                        .map(a -> a.name() + " " + a.verdict().word().replace('_', ' '))
                        .collect(Collectors.joining(", ", ". Its checks: ", ""));
    }

    private RunState settleUndo(@Nullable Halt halt, UndoWork undoing, List<ChunkRecord> chunks, List<ChunkRecord> left)
            throws InterruptedException {
        if (halt != null && !left.isEmpty()) {
            return move(run, RunState.PAUSED, halt.reason(), halt.exit());
        }
        long waiting = left.stream().filter(c -> c.error() == null).count();
        if (waiting > 0) {
            return move(
                    run, RunState.PAUSED, "stopped after the chunks asked for; " + waiting + " wait", ExitCode.STOPPED);
        }
        long kept = chunks.stream().mapToLong(ChunkRecord::kept).sum();
        long failed = left.stream().filter(c -> c.error() != null).count();
        long lost = left.stream()
                .mapToLong(c -> c.changed() - c.restored() - c.kept())
                .sum();
        long untouched = Task.undo(Set.of(), OnConflict.SKIP).asked(chunks).stream()
                .filter(c -> !c.undoAsked())
                .count();
        if (kept == 0 && failed == 0 && untouched == 0) {
            return move(run, RunState.ROLLED_BACK, null, ExitCode.SUCCESS);
        }
        String reason = said(
                count(kept, "row", undoing.kept()),
                count(failed, "chunk", "could not be taken back"),
                count(lost, "row", "of these not restored"),
                count(untouched, "chunk", "not asked for"));
        boolean asAsked = kept == 0 && failed == 0;
        return move(run, RunState.ROLLBACK_PARTIAL, reason, asAsked ? ExitCode.SUCCESS : ExitCode.PARTIAL);
    }

    private static String count(long number, String what, String how) {
        return number == 0 ? "" : String.format(Locale.ROOT, "%,d %s%s %s", number, what, number == 1 ? "" : "s", how);
    }

    private static String said(String... parts) {
        return Stream.of(parts).filter(p -> !p.isEmpty()).collect(Collectors.joining(", "));
    }

    private RunState move(RunRecord from, RunState to, @Nullable String reason, @Nullable ExitCode exit)
            throws InterruptedException {
        control.change(s -> RunTable.move(s, from, to, reason, exit == null ? null : exit.code()));
        listener.event(RunListener.Kind.STATE.word(), "", to.name());
        return to;
    }
}
