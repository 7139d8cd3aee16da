package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.LedgerState;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.TakenOver;
import io.backhoe.plan.Drift;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.plan.Planner;
import io.backhoe.spec.Spec;
import io.backhoe.transform.Functions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.KeyRange;
import io.backhoe.value.RunState;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans anew, for the table as it is by now, the chunks that a run has left; and knows where work would be done twice. Writes
 * nothing.
 */
record RestOfRun(Database database, Runs runs, Functions functions) {
    private static final Set<RunState> LEFT_SOME = EnumSet.of(
            RunState.CANCELLED, RunState.PARTIAL, RunState.FAILED, RunState.ROLLBACK_PARTIAL, RunState.ROLLED_BACK);

    /** @throws BackhoeException CONFLICT when the run may still go on; REFUSED when its chunks cannot be taken over */
    Plan plan(long runId) {
        return runs.read(s -> {
            RunRecord run = runs.required(s, runId);
            if (!LEFT_SOME.contains(run.state())) {
                throw Runs.wrongState(
                        run,
                        "planned anew",
                        "backhoe " + (Runs.ENDED.contains(run.state()) ? "report " : "cancel ") + runId);
            }
            return plan(run, NewRun.planOf(s, run), ChunkTable.all(s, runId));
        });
    }

    private Plan plan(RunRecord run, Plan old, List<ChunkRecord> all) {
        long runId = run.id();
        var left = all.stream()
                .filter(c -> c.state() != ChunkState.SUCCESS && c.state() != ChunkState.SKIPPED)
                .filter(c -> TakenOver.by(c) == null)
                .toList();
        if (left.isEmpty()) {
            TakenOver.by(all).ifPresent(other -> {
                throw taken(runId, other, "planned");
            });
            throw refused("nothing_left", "All chunks of run " + runId + " are done.", "backhoe report " + runId);
        }
        refuseBegun(run, old, left);
        var chunks = left.stream().map(c -> old.chunks().get(c.number() - 1)).toList();
        Plan anew = new Planner(database)
                .plan(
                        pinned(old.spec()),
                        List.of("The rest of run " + runId + ": " + left.size() + " of its " + all.size()
                                + " chunks, cut as they were."));
        refuseOtherCut(runId, old, anew, chunks);
        return anew.ofRest(runId, chunks);
    }

    /** With the row function that is here now, whatever it was: that is what planning anew is for. */
    private Spec pinned(Spec spec) {
        var function = spec.requiredTransform().function();
        return function == null ? spec : functions.pinned(spec.calling(function.from(null)));
    }

    /** @throws BackhoeException CONFLICT when another run does what this one had left, and nothing else is to be retried */
    void refuseTakenOver(RunRecord run) {
        var all = runs.read(s -> ChunkTable.all(s, run.id()));
        boolean others = all.stream()
                .filter(c -> TakenOver.by(c) == null)
                .anyMatch(c -> c.quarantined() > 0
                        || c.state() == ChunkState.FAILED
                        || c.state() == ChunkState.PENDING
                        || c.state() == ChunkState.RUNNING);
        if (!others) {
            TakenOver.by(all).ifPresent(other -> {
                throw taken(run.id(), other, "done");
            });
        }
    }

    private static BackhoeException taken(long runId, long other, String again) {
        return new BackhoeException(
                ExitCode.CONFLICT,
                "chunks_taken_over",
                "Run " + other + " has taken over the chunks that run " + runId + " had left: they are not " + again
                        + " again. Nothing was changed.",
                "backhoe status " + other + " shows what became of them.");
    }

    /** Only where it matters: rows that are done are not done again where what is missing is written. */
    Optional<RunRecord> doneBefore(Plan plan) {
        if (plan.writesMissingOnly()) {
            return Optional.empty();
        }
        try (var session = database.open("backhoe/look", Backhoe.SETTINGS)) {
            return LedgerState.read(session).kind() != LedgerState.Kind.CURRENT
                    ? Optional.empty()
                    : RunTable.newestOf(session, plan.hash());
        }
    }

    /** Where only what is missing is written, a chunk may be begun again; else its rows would be written twice. */
    private static void refuseBegun(RunRecord run, Plan old, List<ChunkRecord> left) {
        var begun = left.stream()
                .filter(c -> TakenOver.begun(old, c))
                .map(ChunkRecord::id)
                .toList();
        if (!begun.isEmpty()) {
            throw refused(
                    "chunks_begun",
                    "Run " + run.id() + " has done chunks " + String.join(", ", begun)
                            + " in part, and their rows do not show which.",
                    old.sql().images() == null || run.purgedAt() != null
                            ? "There are no before-images: whoever knows the data has to write a spec for what is left."
                            : "backhoe rollback " + run.id()
                                    + begun.stream().map(id -> " --chunk " + id).collect(Collectors.joining())
                                    + " takes back these chunks; then backhoe plan --rest-of " + run.id() + ".");
        }
    }

    /** The ends of chunks are values of columns, as the columns were then. */
    private static void refuseOtherCut(long runId, Plan old, Plan anew, List<PlannedChunk> chunks) {
        boolean byKey = chunks.stream().anyMatch(c -> !c.extent().keys().equals(KeyRange.ALL));
        var columns = new LinkedHashSet<String>();
        String dates = old.spec().scope().dateColumn();
        if (dates != null) {
            columns.add(dates);
        }
        if (byKey) {
            columns.addAll(old.access().keyset());
        }
        boolean sameKeyset =
                !byKey || old.access().keyset().equals(anew.access().keyset());
        if (!sameKeyset || !new Drift(old).spares(anew.fingerprint(), columns)) {
            throw refused(
                    "cut_otherwise",
                    "The chunks of run " + runId + " are cut by " + String.join(", ", columns)
                            + ", which are not what they were.",
                    "Write a spec for the periods that backhoe status " + runId
                            + " shows as not done; or backhoe rollback " + runId + ", and plan all of it.");
        }
    }

    private static BackhoeException refused(String code, String what, String hint) {
        return new BackhoeException(ExitCode.REFUSED, code, what + " Nothing was changed.", hint);
    }
}
