package io.backhoe.run;

import io.backhoe.database.Session;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.Limit;
import io.backhoe.ledger.Predecessor;
import io.backhoe.ledger.RunRecord;
import io.backhoe.plan.Plan;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.run.throttle.Decision;
import io.backhoe.value.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The backfills that a run comes after: a chunk begins when each of them has done the same range. Looked at once a second.
 * Thread-safe.
 */
final class Order {
    /** The signal by which it is seen that work waits for it. */
    static final String AFTER = "after";

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Plan plan;
    private final RunRecord run;
    private final List<String> names;
    private volatile List<Predecessor> known = List.of();
    private @Nullable Long looked;
    private String told = "";

    Order(Plan plan, RunRecord run) {
        this.plan = plan;
        this.run = run;
        this.names = run.undoing() ? List.of() : plan.spec().after();
    }

    /** How they stand now. */
    Order look(Session session) {
        var scope = plan.spec().scope();
        known = names.stream()
                .map(name -> Predecessor.read(session, name, run.table(), scope))
                .toList();
        return this;
    }

    /** Whether a chunk may begin. */
    boolean mayBegin(SegmentTask task) {
        // What was begun is ended, whatever has become of the others since.
        return task.segment() != null || known.stream().allMatch(other -> inTheWay(other, task.chunk()) == null);
    }

    /** What keeps a chunk from being begun; null when none of that name does. */
    private static Predecessor.@Nullable Verdict inTheWay(Predecessor other, ChunkRecord chunk) {
        var verdict = other.verdict(chunk.shownStart(), chunk.shownEnd());
        return verdict.answer() == Predecessor.Answer.READY ? null : verdict;
    }

    /** What keeps chunks from being begun, where there are some that nothing else keeps; null when nothing does. */
    @Nullable
    Limit hold(List<SegmentTask> waiting) {
        for (SegmentTask task : names.isEmpty() ? List.<SegmentTask>of() : waiting) {
            for (Predecessor other : known) {
                var verdict = inTheWay(other, task.chunk());
                if (verdict != null) {
                    return new Limit(AFTER, "waits for " + verdict.said(), "");
                }
            }
        }
        return null;
    }

    /** Between two polls of the executor's own connection: looks, lets go on what may, and ends a wait that is for nothing. */
    void keep(Execution execution, Control control) throws InterruptedException {
        long now = execution.time().nanos();
        if (names.isEmpty() || (looked != null && now - looked < LOOK_EVERY.toNanos())) {
            return;
        }
        looked = now;
        control.durably(this::look);
        execution.queue().lookAgain();
        tell(execution);
        if (execution.queue().busy().isEmpty()) {
            stopWaitingForNothing(execution);
        }
    }

    private void tell(Execution execution) {
        Limit hold = hold(execution.queue().waiting());
        String said = hold == null ? "" : hold.toString();
        if (!said.equals(told)) {
            execution.throttling().tell(Decision.said(hold == null ? AFTER + ": goes on" : said));
            told = said;
        }
    }

    private void stopWaitingForNothing(Execution execution) {
        var waiting = execution.queue().waiting();
        var reasons = new ArrayList<Predecessor.Verdict>();
        for (SegmentTask task : waiting) {
            var why = hopeless(task);
            if (why == null) {
                return;
            }
            reasons.add(why);
        }
        if (reasons.isEmpty()) {
            return;
        }
        execution
                .gate()
                .close(Halt.pause(
                        ExitCode.STOPPED,
                        "after " + reasons.get(0).said() + ": " + waiting.size()
                                + (waiting.size() == 1 ? " chunk waits" : " chunks wait")
                                + " for what will not come. Once a run of it has done the rest, resume goes on"));
        execution.queue().close();
    }

    /** Which of them a chunk waits for in vain; null when it may still begin. */
    private Predecessor.@Nullable Verdict hopeless(SegmentTask task) {
        return known.stream()
                .map(other -> inTheWay(other, task.chunk()))
                .filter(Objects::nonNull)
                .filter(v -> v.answer() == Predecessor.Answer.NEVER)
                .min(Comparator.comparing(Predecessor.Verdict::name))
                .orElse(null);
    }
}
