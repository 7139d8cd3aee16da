package io.backhoe.run;

import io.backhoe.backup.BackupStores;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.CanaryTable;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Executor;
import io.backhoe.ledger.Overlap;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.RunTotals;
import io.backhoe.ledger.SegmentTable;
import io.backhoe.ledger.Superseded;
import io.backhoe.ledger.Tuning;
import io.backhoe.plan.Plan;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.run.batch.MeantRows;
import io.backhoe.run.batch.UntouchedColumns;
import io.backhoe.run.chunk.SegmentQueue;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.run.throttle.BatchTimes;
import io.backhoe.run.throttle.Breaker;
import io.backhoe.run.throttle.Losses;
import io.backhoe.transform.Call;
import io.backhoe.transform.Functions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Executes a run, or takes it back: has its lock, starts the workers, listens to people, and settles the state. One
 * instance executes once.
 */
public final class Coordinator {
    private static final int MOST_PASSES = 10;

    private final Database database;
    private final Plan plan;
    private final Time time;
    private final RunListener listener;
    private final Examiner examiner;
    private final Lookout lookout;
    private final Losses losses;
    private final Functions functions;
    private @Nullable UntouchedColumns untouched;
    private @Nullable UndoWork undoing;

    /**
     * @param functions those that plans may name
     * @param examiner asked at the end of a run, and what its batches compare
     */
    public Coordinator(
            Database database, Plan plan, Time time, RunListener listener, Functions functions, Examiner examiner) {
        this.functions = functions;
        this.database = database;
        this.plan = plan;
        this.time = time;
        this.listener = listener;
        this.examiner = examiner;
        this.lookout = new Lookout(database, plan, time);
        this.losses = new Losses(time::nanos);
    }

    /**
     * Answers when the run has ended or has stopped; its state is in the ledger then.
     *
     * @throws BackhoeException CONFLICT when another process executes the run, or takes it over
     */
    public void execute(long runId, Task task, RunOptions options, StopSignal stop) {
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "5s");
        settings.put("statement_timeout", "60s");
        try (var control = new Control(database, settings, runId, time, stop)) {
            listener.plan(plan);
            listener.begins(runId);
            asked(control, runId, task);
            var run = takeOver(control, runId, task, options);
            if (task.retryFailed()) {
                control.durably(s -> chunkTable(run).retry(s));
            }
            var watch = workOrPause(control, run, task, options, stop);
            var examination = new Examination(examiner, control, time, stop, listener);
            var settled =
                    new Settlement(control, run, task, lookout, examination, listener).settle(watch.halt(), undoing);
            watch.answerRequests(control, settled);
        } catch (Superseded e) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "run_taken_over",
                    "Run " + runId + " has been taken over by another process, which goes on with it. What this one had"
                            + " committed stays; everything else it began was rolled back.",
                    "backhoe status " + runId,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackhoeException(
                    ExitCode.STOPPED,
                    "interrupted",
                    "Interrupted; run " + runId + " stands where its last batch committed.",
                    "backhoe resume " + runId,
                    e);
        }
    }

    /** Only who asks for something new to be taken back has to know the chunks. */
    private static List<ChunkRecord> asked(Control control, long runId, Task task) throws InterruptedException {
        return task.undo() == null
                ? List.of()
                : control.durably(s -> {
                    var all = ChunkTable.all(s, runId);
                    OneConflictRule.refuseOther(s, RunTable.find(s, runId).orElseThrow(), task, all);
                    return task.asked(all);
                });
    }

    private RunRecord takeOver(Control control, long runId, Task task, RunOptions options) throws InterruptedException {
        var state = task.phase() == Phase.RUN ? RunState.RUNNING : RunState.ROLLING_BACK;
        // In one piece: if the lock is lost and had again in between, somebody else may have had it, and all is done
        // anew.
        var found = control.durably(s -> {
                    var known = RunTable.find(s, runId).orElseThrow();
                    refuseWrongState(known, task, state);
                    Overlap.refuseAgain(s, runId);
                    RunTable.endFormerWorkers(s, runId);
                    RunTable.takeOver(s, runId, Executor.name(), task.verb(known), options.cause());
                    RequestTable.closeOlder(s, runId);
                    return RunTable.find(s, runId).orElseThrow();
                })
                .inPhase(task.phase());
        control.tookOver(found.epoch());
        var asked = asked(control, runId, task);
        if (found.state() == state) {
            control.change(s -> chunkTable(found).askUndo(s, asked, task.onConflict()));
            // For those who listen to this process it begins here, too.
            listener.event(RunListener.Kind.STATE.word(), "", state.name());
            return found;
        }
        // What is to be taken back is known from the moment on that the run is being rolled back.
        control.change(s ->
                RunTable.move(s, found, state, () -> chunkTable(found).addUndo(s, asked, task.onConflict())));
        listener.event(RunListener.Kind.STATE.word(), "", state.name());
        return found.inState(state);
    }

    /** Whoever sent us looked at the state before we had the lock. */
    private static void refuseWrongState(RunRecord found, Task task, RunState wished) {
        boolean otherWork = task.phase() == Phase.RUN && found.undoing();
        boolean may = found.state() == wished || found.state().mayBecome(wished);
        if (otherWork || !may) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "wrong_state",
                    "Run " + found.id() + " is " + found.state()
                            + " by now: another process was faster. This one changed nothing.",
                    "backhoe status " + found.id());
        }
    }

    private Watch workOrPause(Control control, RunRecord run, Task task, RunOptions options, StopSignal stop)
            throws InterruptedException {
        try (var backing = backing(run)) {
            if (backing == null) {
                return work(control, run, task, options, stop, null);
            }
            backing.begin(control, database, stop);
            var watch = work(control, run, task, options, stop, backing);
            backing.end(control, watch.halt() != null, stop);
            return watch;
        } catch (Superseded e) {
            throw e;
        } catch (RuntimeException e) {
            // Better a run that says why it stopped than one that looks as if it went on.
            pauseOnce(control, run, e);
            throw e;
        }
    }

    private @Nullable Backing backing(RunRecord run) {
        String place = run.backup();
        return run.undoing() || place == null
                ? null
                : new Backing(
                        BackupStores.open(
                                BackupLocation.parse(place),
                                plan.spec().rollback().export()),
                        plan,
                        run,
                        time,
                        listener);
    }

    private static void pauseOnce(Control control, RunRecord run, RuntimeException why) {
        var exit = why instanceof BackhoeException known ? known.exit() : ExitCode.UNEXPECTED;
        try {
            if (!run.undoing()) {
                chunkTable(run).release(control.session());
            }
            RunTable.move(control.session(), run, RunState.PAUSED, said(why), exit.code());
        } catch (DatabaseException e) {
            // Whoever resumes the run finds it as one whose process has died.
            why.addSuppressed(e);
        }
    }

    private static String said(RuntimeException why) {
        boolean foreseen = why instanceof BackhoeException || why instanceof DatabaseException;
        return foreseen ? String.valueOf(why.getMessage()) : "unexpected: " + why;
    }

    private Watch work(
            Control control, RunRecord run, Task task, RunOptions options, StopSignal stop, @Nullable Backing backing)
            throws InterruptedException {
        var all = control.durably(s -> ChunkTable.all(s, run.id()));
        Integer most = options.maxChunks();
        var chosen = task.select(all).stream()
                .limit(most == null ? Long.MAX_VALUE : most)
                .map(ChunkRecord::number)
                .collect(Collectors.toSet());
        var undo = run.undoing() ? control.durably(s -> UndoWork.look(database, plan, run, s)) : null;
        if (undo != null && !chosen.isEmpty()) {
            control.change(s -> undo.buildIndexes(database, stop));
        }
        undoing = undo;
        untouched = run.undoing() ? null : control.durably(examiner::untouched);
        var statements = statements(control, run, undo, backing);
        var tuned = control.durably(s -> RunTable.tuning(s, run.id()));
        // What this process was started with counts before what was tuned, and that before the plan.
        var throttling = new Throttling(
                plan,
                run.undoing() ? plan.spec().pacing().forUndo() : plan.spec().pacing(),
                List.of(tuned, new Tuning(options.parallelism(), null)),
                time,
                listener);
        var canary = canary(control, run, all);
        var order = control.durably(new Order(plan, run)::look);
        for (int pass = 1; ; pass++) {
            var watch = new Watch(
                    execution(run, statements, task.tasks(all, chosen), order, all, throttling, canary, backing), stop);
            watch.over(control);
            if (watch.halt() != null || nothingLeft(control, run)) {
                return watch;
            }
            all = control.durably(s -> ChunkTable.all(s, run.id()));
            // A part that was split off while the connection was lost is nobody's until it is found here.
            boolean left = task.select(all).stream().anyMatch(c -> chosen.contains(c.number()) && c.error() == null);
            if (!left) {
                return watch;
            }
            if (pass == MOST_PASSES) {
                throw new BackhoeException(
                        ExitCode.UNEXPECTED,
                        "chunks_left",
                        "Chunks of run " + run.id() + " are left that no worker ends; what was committed stays.",
                        "backhoe status " + run.id() + "; backhoe resume " + run.id());
            }
        }
    }

    /** Mostly so, and told without reading each chunk. */
    private static boolean nothingLeft(Control control, RunRecord run) throws InterruptedException {
        if (run.undoing()) {
            return false;
        }
        var totals = control.durably(s -> RunTotals.read(s, run.id()));
        return totals.count(ChunkState.PENDING) == 0 && totals.count(ChunkState.RUNNING) == 0;
    }

    private BatchStatements statements(
            Control control, RunRecord run, @Nullable UndoWork undo, @Nullable Backing backing)
            throws InterruptedException {
        if (undo == null) {
            var meant = control.durably(s -> MeantRows.of(database, plan, s));
            var kept = backing == null ? BatchStatements.run(plan.sql(), run.id()) : backing.statements();
            // What a query reads is known to the server alone.
            boolean ofAQuery = plan.spec().requiredTransform().source() != null;
            return kept.over(
                    ofAQuery ? Set.of() : plan.tables(),
                    untouched == null ? null : untouched.of(run.id()),
                    meant == null ? null : meant.of(run.id()));
        }
        return undo.statements(control.durably(s -> RunTable.onConflict(s, run.id())));
    }

    private Execution execution(
            RunRecord run,
            BatchStatements statements,
            List<SegmentTask> tasks,
            Order order,
            List<ChunkRecord> all,
            Throttling throttling,
            Canary canary,
            @Nullable Backing backing) {
        return new Execution(
                database,
                plan,
                run,
                statements,
                run.undoing() ? Call.NONE : functions.of(plan.spec()),
                new SegmentTable(run.id(), run.epoch(), run.undoing() ? Phase.UNDO : Phase.RUN),
                chunkTable(run),
                new SegmentQueue(tasks, order::mayBegin),
                order,
                new Gate(),
                new Breaker(),
                throttling,
                canary,
                losses,
                new BatchTimes(),
                lookout,
                backing,
                new Tally(all, run.undoing()),
                time,
                listener);
    }

    /** Somebody who has looked at it once is not asked to look again. */
    private Canary canary(Control control, RunRecord run, List<ChunkRecord> all) throws InterruptedException {
        Double percent = plan.spec().pacing().canary();
        if (percent == null || run.undoing() || control.durably(s -> CanaryTable.isDone(s, run.id()))) {
            return Canary.NONE;
        }
        long rows = all.stream().mapToLong(ChunkRecord::estimatedRows).sum();
        return Canary.of(
                percent, rows, all.stream().mapToLong(ChunkRecord::examined).sum());
    }

    private static ChunkTable chunkTable(RunRecord run) {
        return new ChunkTable(run.id(), run.epoch(), run.undoing() ? Phase.UNDO : Phase.RUN);
    }
}
