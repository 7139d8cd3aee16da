package io.backhoe;

import io.backhoe.check.Checks;
import io.backhoe.check.Effort;
import io.backhoe.database.Database;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunRecord;
import io.backhoe.value.Cause;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the checks of a run that nobody works on, and that has not been taken back. */
record Verification(Database database, Runs runs, Time time) {
    private static final Set<RunState> THERE =
            EnumSet.of(RunState.SUCCEEDED, RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED, RunState.PAUSED);

    List<CheckRecord> ask(long runId, @Nullable String check, Effort effort, Cause cause) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        if (!THERE.contains(run.state()) || (run.state() == RunState.PAUSED && run.undoing())) {
            throw Runs.wrongState(run, "verified", "backhoe status " + runId);
        }
        var plan = runs.read(s -> NewRun.planOf(s, run));
        runs.read(s -> CheckTable.asked(s, run, check, cause));
        var answers = new Checks(database, plan, time, effort).verify(run, check);
        try (var session = database.open("backhoe/verify", Backhoe.SETTINGS)) {
            CheckTable.write(session, runId, answers);
        }
        return answers;
    }
}
