package io.backhoe.run;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.SegmentTable;
import io.backhoe.ledger.Superseded;
import io.backhoe.plan.Plan;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.run.chunk.SegmentQueue;
import io.backhoe.run.chunk.SegmentTask;
import io.backhoe.run.throttle.Breaker;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    public Coordinator(Database database, Plan plan, Time time, RunListener listener) {
        this.database = database;
        this.plan = plan;
        this.time = time;
        this.listener = listener;
    }

    /**
     * Answers when the run has ended or has stopped; its state is in the ledger then.
     *
     * @throws BackhoeException CONFLICT when another process executes the run, or takes it over
     */
    public void execute(long runId, Task task, RunOptions options, StopSignal stop) {
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "5s");
        try (var control = new Control(database, settings, runId, time)) {
            task.asked(control.durably(s -> ChunkTable.all(s, runId)));
            var run = takeOver(control, runId, task.phase());
            if (task.retryFailed()) {
                control.durably(s -> chunkTable(run).retry(s));
            }
            var watch = workOrPause(control, run, task, options, stop);
            var settled = new Settlement(control, run, task).settle(watch.halt());
            listener.event("state", "", settled.name());
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

    private RunRecord takeOver(Control control, long runId, Phase phase) throws InterruptedException {
        control.durably(s -> RunTable.endFormerWorkers(s, runId));
        control.durably(s -> RunTable.takeOver(s, runId, Executor.name()));
        var found = control.durably(s -> RunTable.find(s, runId).orElseThrow()).inPhase(phase);
        var state = phase == Phase.RUN ? RunState.RUNNING : RunState.ROLLING_BACK;
        if (found.state() == state) {
            return found;
        }
        control.change(s -> RunTable.move(s, found, state, null, null));
        listener.event("state", "", state.name());
        return found.inState(state);
    }

    private Watch workOrPause(Control control, RunRecord run, Task task, RunOptions options, StopSignal stop)
            throws InterruptedException {
        try {
            return work(control, run, task, options, stop);
        } catch (DatabaseException | BackhoeException e) {
            // Better a run that says why it stopped than one that looks as if it went on.
            control.change(s -> RunTable.move(s, run, RunState.PAUSED, e.getMessage(), ExitCode.UNEXPECTED.code()));
            throw e;
        }
    }

    private Watch work(Control control, RunRecord run, Task task, RunOptions options, StopSignal stop)
            throws InterruptedException {
        var all = control.durably(s -> ChunkTable.all(s, run.id()));
        var asked = task.asked(all);
        if (!asked.isEmpty()) {
            control.change(s -> chunkTable(run).askUndo(s, asked));
            all = control.durably(s -> ChunkTable.all(s, run.id()));
        }
        Integer most = options.maxChunks();
        var chosen = task.select(all).stream()
                .limit(most == null ? Long.MAX_VALUE : most)
                .map(ChunkRecord::number)
                .collect(Collectors.toSet());
        String undoIndex = plan.sql().undoIndex();
        if (run.undoing() && undoIndex != null && !chosen.isEmpty()) {
            control.change(s -> s.execute(undoIndex.replace(BatchSql.RUN, Long.toString(run.id()))));
        }
        for (int pass = 1; ; pass++) {
            var watch = new Watch(execution(run, task, all, chosen), stop);
            watch.over(control, workers(options));
            all = control.durably(s -> ChunkTable.all(s, run.id()));
            // A part that was split off while the connection was lost is nobody's until it is found here.
            boolean left = task.select(all).stream().anyMatch(c -> chosen.contains(c.number()) && c.error() == null);
            if (!left || watch.halt() != null) {
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

    private Execution execution(RunRecord run, Task task, List<ChunkRecord> all, Set<Integer> chosen) {
        var tasks = task.select(all).stream()
                .filter(c -> chosen.contains(c.number()))
                .map(c -> new SegmentTask(c, null, run.undoing() ? c.changed() : c.estimatedRows()))
                .toList();
        return new Execution(
                database,
                plan,
                run,
                run.undoing() ? BatchStatements.undo(plan.sql(), run.id()) : BatchStatements.run(plan.sql(), run.id()),
                new SegmentTable(run.id(), run.epoch(), task.phase()),
                chunkTable(run),
                new SegmentQueue(tasks),
                new Gate(),
                new Breaker(),
                new Tally(all, run.undoing()),
                time,
                listener);
    }

    private int workers(RunOptions options) {
        Integer asked = options.parallelism();
        return asked == null ? plan.spec().strategy().parallelism() : asked;
    }

    private static ChunkTable chunkTable(RunRecord run) {
        return new ChunkTable(run.id(), run.epoch(), run.undoing() ? Phase.UNDO : Phase.RUN);
    }
}
