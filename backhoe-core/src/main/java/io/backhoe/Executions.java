package io.backhoe;

import io.backhoe.check.Checks;
import io.backhoe.check.Effort;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.plan.Cascades;
import io.backhoe.plan.Drift;
import io.backhoe.plan.Plan;
import io.backhoe.report.RunReport;
import io.backhoe.run.Coordinator;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.run.Task;
import io.backhoe.transform.Functions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;

/** Has runs executed that are in the ledger, and refuses beforehand what cannot end well. Thread-safe. */
final class Executions {
    private final Database database;
    private final Time time;
    private final Runs runs;
    private final Functions functions;

    Executions(Database database, Time time, Runs runs, Functions functions) {
        this.database = database;
        this.time = time;
        this.runs = runs;
        this.functions = functions;
    }

    RunReport again(RunRecord run, Task task, RunOptions options, StopSignal stop, RunListener listener) {
        return again(run, task, false, options, stop, listener);
    }

    /** @param fromBackup whether what is taken back is taken from the run's backup, also where the database has it */
    RunReport again(
            RunRecord run, Task task, boolean fromBackup, RunOptions options, StopSignal stop, RunListener listener) {
        Plan plan;
        try (var session = database.open("backhoe/look", Backhoe.SETTINGS)) {
            plan = NewRun.planOf(session, run);
            if (task.phase() == Phase.UNDO) {
                refuseChunkFunction(run, plan);
                var undoing = new Undoing(database);
                undoing.refuse(session, run, plan);
                undoing.bringBack(run, plan, fromBackup, stop, listener);
                undoing.refuseWithoutRights(session, run, plan);
            } else {
                refusePurged(run, plan);
                var table = database.table(session, plan.spec().scope().table());
                new Drift(plan).refuseGoingOn(table.fingerprint(), run.id());
                new Cascades(database, plan).refuseGoingOn(session);
            }
        }
        refuseBeforehand(plan, task, options);
        return execute(run.id(), plan, task, options, stop, listener);
    }

    private static void refuseChunkFunction(RunRecord run, Plan plan) {
        var transform = plan.spec().transform();
        var function = transform == null ? null : transform.perChunk();
        if (function != null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "not_undoable",
                    "The work of run " + run.id() + " was " + function.who()
                            + ", called for each chunk: what it did is not kept, and cannot be taken back.",
                    "Only its authors know how to take back what it did.");
        }
    }

    /** Each batch keeps before-images, in a table that is not there any more. */
    private static void refusePurged(RunRecord run, Plan plan) {
        if (run.purgedAt() != null && plan.sql().images() != null) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "before_images_purged",
                    "The before-images of run " + run.id() + " were purged on " + run.purgedAt()
                            + ", and its batches write some: nothing of it can be done any more. Nothing was changed.",
                    "backhoe plan --rest-of " + run.id()
                            + " plans the chunks that it has left, for a run with before-images of its own; backhoe verify "
                            + run.id() + " asks its checks again.");
        }
    }

    /** What can be refused before anything is written. */
    void refuseBeforehand(Plan plan, Task task, RunOptions options) {
        if (task.phase() == Phase.RUN) {
            functions.of(plan.spec());
        }
        Integer asked = options.parallelism();
        var probe = plan.spec().pacing().throttle().probe();
        int besides = probe == null ? 2 : 3;
        database.refuseFewer(besides + (asked == null ? plan.spec().strategy().parallelism() : asked));
    }

    RunReport execute(long runId, Plan plan, Task task, RunOptions options, StopSignal stop, RunListener listener) {
        boolean full = runs.read(s -> RunTable.fullChecks(s, runId));
        var checks = new Checks(database, plan, time, full ? Effort.FULL : Effort.USUAL);
        new Coordinator(database, plan, time, listener, functions, checks).execute(runId, task, options, stop);
        return runs.report(runId);
    }

    /** @return the table's full name */
    String verify(Session session, Plan plan) {
        var table = database.table(session, plan.spec().scope().table());
        new Drift(plan).refuse(table.fingerprint());
        return table.name().toString();
    }
}
