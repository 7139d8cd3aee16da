package io.backhoe;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessment;
import io.backhoe.assess.Assessor;
import io.backhoe.backup.BackupStores;
import io.backhoe.backup.Manifest;
import io.backhoe.check.Effort;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.Audit;
import io.backhoe.ledger.AuditTable;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.DatabaseTime;
import io.backhoe.ledger.EventTable;
import io.backhoe.ledger.Executor;
import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerState;
import io.backhoe.ledger.NewRun;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.Tuning;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Recommendation;
import io.backhoe.plan.Recommender;
import io.backhoe.plan.Wanted;
import io.backhoe.report.KnownRun;
import io.backhoe.report.RunAccount;
import io.backhoe.report.RunReport;
import io.backhoe.report.RunStatus;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.run.Task;
import io.backhoe.spec.Spec;
import io.backhoe.transform.BatchFunction;
import io.backhoe.transform.ChunkFunction;
import io.backhoe.transform.Functions;
import io.backhoe.transform.RowTransform;
import io.backhoe.undo.Conflict;
import io.backhoe.undo.FromBackup;
import io.backhoe.undo.Purgeable;
import io.backhoe.undo.Restored;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import io.backhoe.value.SystemTime;
import io.backhoe.value.Time;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plans, runs, watches and undoes backfills of one database. Thread-safe. Methods throw {@code BackhoeException} with
 * what happened, what is now true in the database, and what to do.
 */
public final class Backhoe {
    static final Map<String, String> SETTINGS = Map.of("lock_timeout", "5s", "statement_timeout", "60s");

    private final Database database;
    private final Time time;
    private final Runs runs;
    private final Functions functions;
    private final Correcting correcting;
    private final Undoing undoing;
    private final Purging purging;
    private final Executions executions;

    public Backhoe(Database database) {
        this(database, new SystemTime());
    }

    /** With a clock of one's own. */
    public Backhoe(Database database, Time time) {
        this(database, time, Functions.NONE, Path.of(""));
    }

    private Backhoe(Database database, Time time, Functions functions, Path files) {
        this.database = database;
        this.time = time;
        this.runs = new Runs(database);
        this.undoing = new Undoing(database);
        this.purging = new Purging(database, runs);
        this.functions = functions;
        this.correcting = new Correcting(database, files);
        this.executions = new Executions(database, time, runs, functions);
    }

    /**
     * The same, with a function for plans that name it ({@code BackfillSpec.batchFunction}): it is called in the
     * transaction of each batch, exactly once for each row.
     */
    public Backhoe withBatchFunction(String name, BatchFunction function) {
        return new Backhoe(database, time, functions.with(name, function), correcting.folder());
    }

    /**
     * The same, with a function for plans that name it ({@code BackfillSpec.chunkFunction}): it is called for each chunk,
     * <b>at least once</b>, and what it does cannot be rolled back.
     */
    public Backhoe withChunkFunction(String name, ChunkFunction function) {
        return new Backhoe(database, time, functions.with(name, function), correcting.folder());
    }

    /**
     * The same, with a row function for plans that name it ({@code BackfillSpec.rowTransform}): it is given the rows of each
     * batch, and what it makes of them is written exactly once.
     *
     * @throws BackhoeException USAGE {@code plugin_name_twice}
     */
    public Backhoe withRowTransform(RowTransform transform) {
        return new Backhoe(database, time, functions.with(transform), correcting.folder());
    }

    /**
     * The same, with the row functions of a jar, which {@link java.util.ServiceLoader} finds in it. Plans made with it hold its
     * SHA-256, and are run with no other. Loaded anew each time this is called.
     *
     * @throws BackhoeException USAGE when it is no jar, has none, or one that cannot be loaded, or is there already
     */
    public Backhoe withPlugin(Path jar) {
        return new Backhoe(database, time, functions.withPlugin(jar), correcting.folder());
    }

    /** The same, that keeps what the commands of plans say in files of that folder; {@code backhoe-logs} by default. */
    public Backhoe withCommandLogs(Path folder) {
        return new Backhoe(database, time, functions.logsIn(folder), correcting.folder());
    }

    /** The same, that looks for the files that specs and plans name ({@code correction.keys}) from a folder on. */
    public Backhoe withFilesIn(Path folder) {
        return new Backhoe(database, time, functions, folder);
    }

    /** As {@link #plan(Spec, List)}, for a spec in code, which has no warnings. */
    public Plan plan(Spec spec) {
        return plan(spec, List.of());
    }

    /**
     * Resolves a spec against the live table. Writes no row, and leaves nothing behind.
     *
     * @param warnings of reading the spec; they become notes of the plan
     */
    public Plan plan(Spec spec, List<String> warnings) {
        return plan(spec, warnings, PlanOptions.LOOK_ONLY);
    }

    /**
     * Resolves a spec against the live table, and finds out how it will go. A rehearsal writes at most 1,500 rows and
     * rolls them back; their dead versions are left for vacuum, and nothing else.
     *
     * @throws BackhoeException REFUSED when there is a blocker, when batches would scan the table, or when none that is
     *     rehearsed works
     */
    public Plan plan(Spec spec, List<String> warnings, PlanOptions options) {
        return foretold(new Ordering(database, runs).noted(correcting.plan(functions.pinned(spec), warnings)), options);
    }

    /**
     * Plans what a run that has ended has left, on the table as it is by now. Entering a run of it takes these chunks over.
     *
     * @throws BackhoeException CONFLICT when the run may still go on; REFUSED {@code chunks_begun} when chunks are done in
     *     part and their rows do not show which; as {@link #plan(Spec, List, PlanOptions)} otherwise
     */
    public Plan planRest(long runId, PlanOptions options) {
        return foretold(new RestOfRun(database, runs, functions).plan(runId), options);
    }

    private Plan foretold(Plan made, PlanOptions options) {
        var plan = new Blockers(database, time).refuse(made);
        return new Outlook(database, plan, time).find(options);
    }

    /**
     * Looks at the live table with a backfill in mind, before anything is planned. Reads only, and works on a standby.
     *
     * @param options {@link AssessOptions#BLOCKERS} for a short look at what forbids the backfill
     */
    public Assessment assess(Spec spec, AssessOptions options) {
        return new Assessor(database, time).assess(correcting.assessed(spec), options);
    }

    /** A spec for a table, for somebody who has none. Writes nothing. */
    public Recommendation recommend(Wanted wanted) {
        return new Recommender(database, new Assessor(database, time)).recommend(wanted);
    }

    /**
     * The newest run that has done work of this plan, where doing it again would write its rows a second time. Writes
     * nothing.
     */
    public Optional<RunRecord> doneBefore(Plan plan) {
        return new RestOfRun(database, runs, functions).doneBefore(plan);
    }

    /** Refuses (DRIFTED) when the table is no longer as planned. Writes nothing. */
    public void verify(Plan plan) {
        try (var session = database.open("backhoe/verify", SETTINGS)) {
            executions.verify(session, plan);
        }
    }

    /** Whether the ledger is there; {@link #run} makes it when it is not. */
    public boolean hasLedger() {
        try (var session = database.open("backhoe/look", SETTINGS)) {
            return new LedgerSchema(database).isCurrent(session);
        }
    }

    /** What there is of a ledger. Writes nothing, and needs no right to be answered. */
    public LedgerState ledger() {
        try (var session = database.open("backhoe/look", SETTINGS)) {
            return LedgerState.read(session);
        }
    }

    /** Makes the ledger, or brings it up to date; {@link #run} does so too when it has to. */
    public void makeLedger() {
        var schema = new LedgerSchema(database);
        try (var session = database.open("backhoe/ledger", SETTINGS)) {
            if (schema.isCurrent(session)) {
                return;
            }
        }
        schema.migrate();
    }

    /**
     * Executes a plan, and answers when the run has ended or has stopped. Makes the ledger if there is none.
     *
     * @throws BackhoeException DRIFTED when the table is not as planned; CONFLICT when another run has the range; REFUSED
     *     when this program lacks the function that the plan names, or connections for so many workers, or a pre-check does not hold; STOPPED when
     *     that is wished during the pre-checks, before there is a run
     */
    public RunReport run(Plan plan, RunOptions options, StopSignal stop, RunListener listener) {
        executions.refuseBeforehand(plan, Task.RUN, options);
        correcting.refuseOther(plan);
        var before =
                new PreChecks(database, plan, time, s -> correcting.load(s, plan)).refuse(unfit(plan), stop, listener);
        makeLedger();
        long runId;
        try (var session = database.open("backhoe/run", settings(plan))) {
            String table = executions.verify(session, plan);
            correcting.load(session, plan);
            runId = NewRun.enter(session, plan, table, options.cause(), options.fullChecks());
            before.keep(session, runId);
        }
        return executions.execute(runId, plan, Task.RUN, options, stop, listener);
    }

    /** Why it cannot run on this table, which the pre-checks are told beside; null when it can. */
    private @Nullable BackhoeException unfit(Plan plan) {
        try (var session = database.open("backhoe/verify", SETTINGS)) {
            executions.verify(session, plan);
            RunRights.refuseWithout(database, session, plan);
            return null;
        } catch (BackhoeException e) {
            if (e.exit() != ExitCode.DRIFTED && !RunRights.CODES.contains(e.code())) {
                throw e;
            }
            return e;
        }
    }

    /** Goes on with a run, or with the rollback of one, that has stopped or whose process has died. */
    public RunReport resume(long runId, RunOptions options, StopSignal stop, RunListener listener) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        return switch (run.state()) {
            case SUCCEEDED, ROLLED_BACK -> report(runId);
            case PLANNED, RUNNING, VERIFYING, PAUSED, ROLLING_BACK ->
                executions.again(
                        run,
                        run.undoing() || run.state() == RunState.ROLLING_BACK ? Task.RESUME_UNDO : Task.RUN,
                        options,
                        stop,
                        listener);
            case PARTIAL, FAILED -> throw Runs.wrongState(run, "resumed", "backhoe retry " + runId);
            case CANCELLED, ROLLBACK_PARTIAL -> throw Runs.wrongState(run, "resumed", "backhoe rollback " + runId);
        };
    }

    /**
     * Lets a run that has stopped go on with its table as it is by now; {@link #resume} does not refuse it then.
     *
     * @return the differences that are accepted; none when the table is as planned
     * @throws BackhoeException DRIFTED {@code drift_not_acceptable} when the plan's statements would be wrong by now
     */
    public List<String> acceptDrift(long runId, Cause cause) {
        return new DriftAcceptance(database, runs).accept(runId, cause);
    }

    /**
     * Does failed chunks and quarantined rows of a run again, and asks its checks again.
     *
     * @throws BackhoeException CONFLICT when it has ended otherwise, or when another run has taken over all that it left
     */
    public RunReport retry(long runId, RunOptions options, StopSignal stop, RunListener listener) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        if (run.state() == RunState.SUCCEEDED) {
            return report(runId);
        }
        boolean may = !run.undoing()
                && (run.state() == RunState.PARTIAL
                        || run.state() == RunState.PAUSED
                        || run.state() == RunState.FAILED);
        if (!may) {
            throw Runs.wrongState(run, "retried", "backhoe status " + runId);
        }
        new RestOfRun(database, runs, functions).refuseTakenOver(run);
        return executions.again(run, Task.RETRY, options, stop, listener);
    }

    /** Restores before-images of some chunks, or of all. A row that somebody changed since is kept and counted. */
    public RunReport rollback(
            long runId, List<String> chunkIds, RunOptions options, StopSignal stop, RunListener listener) {
        return rollback(runId, new UndoOptions(chunkIds, OnConflict.SKIP), options, stop, listener);
    }

    /**
     * Restores before-images. Whoever goes on with it later does with changed rows what was asked here.
     *
     * @throws BackhoeException CONFLICT {@code rows_changed_since} when these are to stop it, before anything is written
     */
    public RunReport rollback(long runId, UndoOptions what, RunOptions options, StopSignal stop, RunListener listener) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        if (run.state() == RunState.ROLLED_BACK) {
            return report(runId);
        }
        boolean may = Runs.ENDED.contains(run.state())
                || run.state() == RunState.PAUSED
                || run.state() == RunState.ROLLING_BACK;
        if (!may) {
            throw Runs.wrongState(run, "rolled back", "backhoe pause " + runId + ", then backhoe rollback " + runId);
        }
        undoing.refuseConflicts(run, what);
        return executions.again(
                run,
                Task.undo(Set.copyOf(what.chunkIds()), what.onConflict()),
                what.fromBackup(),
                options,
                stop,
                listener);
    }

    /**
     * The run whose backup is at a place, where the ledger knows it: then {@link #rollback} takes it back. Empty also where
     * there is no ledger.
     */
    public Optional<RunRecord> runOfBackup(BackupLocation location) {
        try (var session = database.open("backhoe/look", SETTINGS)) {
            return runs.isCurrent(session) ? RunTable.ofBackup(session, location.toString()) : Optional.empty();
        }
    }

    /**
     * Takes a run back with its backup alone, without any ledger. Whoever does it again changes nothing.
     *
     * @param dryRun to find out what would be restored, and write nothing
     * @param sink told each row that somebody has changed or deleted since and that is left alone
     * @throws BackhoeException REFUSED naming each object that is missing, truncated, corrupted or in another's place, before
     *     anything is restored; UNREACHABLE when the place cannot be read; DRIFTED, CONFLICT, STOPPED as {@link #rollback}
     */
    public Restored restore(
            BackupLocation location,
            UndoOptions what,
            boolean dryRun,
            StopSignal stop,
            RunListener listener,
            Consumer<Conflict> sink) {
        try (var store = BackupStores.open(location)) {
            var backup = new FromBackup(database, time, store);
            if (!dryRun) {
                refuseKnown(backup.manifest());
            }
            return backup.restore(what, dryRun, stop, listener, sink);
        }
    }

    /** A ledger that knows the run has to know that it is taken back: otherwise it would go on with it. */
    private void refuseKnown(Manifest manifest) {
        try (var session = database.open("backhoe/look", SETTINGS)) {
            long id = Long.parseLong(manifest.runId());
            var known = runs.isCurrent(session) ? RunTable.find(session, id) : Optional.<RunRecord>empty();
            if (known.isPresent() && known.get().planHash().equals(manifest.planHash())) {
                throw new BackhoeException(
                        ExitCode.CONFLICT,
                        "ledger_knows_run",
                        "The ledger of this database knows run " + id + ", and has its backup at "
                                + known.get().backup() + ". Nothing was taken back.",
                        "backhoe rollback " + id + " --from-backup "
                                + known.get().backup());
            }
        }
    }

    /** What there is at a place, as its newest manifest has it; nothing but manifest and plan is read. */
    public Manifest backup(BackupLocation location) {
        try (var store = BackupStores.open(location)) {
            return new FromBackup(database, time, store).manifest();
        }
    }

    /**
     * The rows that a rollback would find changed or deleted by somebody, or by a later run, since; of chunks that were taken
     * back those that are not what they were before the run. Writes nothing.
     *
     * @param chunkIds of which chunks; empty for all
     * @param sink told each of them, in order of chunks
     * @return how many there are
     */
    public long conflicts(long runId, List<String> chunkIds, Consumer<Conflict> sink) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        return undoing.conflicts(run, Set.copyOf(chunkIds), sink);
    }

    /**
     * The rows that a rollback cannot restore, because somebody has removed their before-images. Writes nothing.
     *
     * @param chunkIds of which chunks; empty for all
     * @return how many, by the ids of the chunks that have some
     */
    public Map<String, Long> lostImages(long runId, List<String> chunkIds) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        return undoing.lost(run, Set.copyOf(chunkIds));
    }

    /** What {@link #purge} would drop of a run. Writes nothing. */
    public Purgeable purgeable(long runId) {
        return purging.look(runId);
    }

    /** What there is to drop of runs that had ended by then, the oldest first. Writes nothing. */
    public List<Purgeable> purgeable(Instant endedBefore) {
        return purging.endedBefore(endedBefore);
    }

    /**
     * Drops the before-images of a run that has ended, and deletes its backup: it can no longer be taken back. Nothing happens
     * when they are gone.
     *
     * @return the objects that stay in the backup, and why: such as a retention that has not ended
     * @throws BackhoeException CONFLICT when it has not ended; UNREACHABLE when this role does not own them
     */
    public Map<String, String> purge(long runId, Cause cause) {
        return purging.purge(runId, cause);
    }

    /**
     * Asks the executor of a run to pause, and waits for it. A run that no process executes is paused at once.
     *
     * @return the run as it is then
     */
    public RunReport pause(long runId, Cause cause) {
        return ask(runId, "pause", RunState.PAUSED, cause);
    }

    /** As {@link #pause(long, Cause)}, without a reason. */
    public RunReport pause(long runId, String requestedBy) {
        return pause(runId, new Cause(requestedBy, null));
    }

    /** Ends a run for good; what it wrote stays until it is rolled back. As {@link #pause} otherwise. */
    public RunReport cancel(long runId, Cause cause) {
        return ask(runId, "cancel", RunState.CANCELLED, cause);
    }

    /** As {@link #cancel(long, Cause)}, without a reason. */
    public RunReport cancel(long runId, String requestedBy) {
        return cancel(runId, new Cause(requestedBy, null));
    }

    /** As {@link #tune(long, Tuning, Cause)}, without a reason. */
    public void tune(long runId, Tuning tuning, String requestedBy) {
        tune(runId, tuning, new Cause(requestedBy, null));
    }

    /**
     * Changes the pace of a run that has not ended, for its executor and for whoever goes on with it. Takes effect within
     * a second.
     *
     * @throws BackhoeException CONFLICT when it has ended, or its executor does not answer
     */
    public void tune(long runId, Tuning tuning, Cause cause) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        if (Runs.ENDED.contains(run.state()) && !run.executed()) {
            throw Runs.wrongState(run, "tuned", "backhoe status " + runId);
        }
        try (var session = database.open("backhoe/tune", SETTINGS)) {
            new Wish(session, time, runId, "tune", cause).tune(tuning);
        }
    }

    /**
     * Asks checks of a run whose work is there, whenever somebody wants to know. Changes its state in nothing; the answers are
     * in the ledger.
     *
     * @param check the name of one; null for all post-checks of the plan
     * @throws BackhoeException CONFLICT when a process works on it, or when it was taken back
     */
    public List<CheckRecord> verify(long runId, @Nullable String check, Effort effort, Cause cause) {
        return new Verification(database, runs, time).ask(runId, check, effort, cause);
    }

    /** As {@link #verify(long, String, Effort, Cause)}, for whom this process runs, without a reason. */
    public List<CheckRecord> verify(long runId, @Nullable String check, Effort effort) {
        return verify(runId, check, effort, new Cause(Executor.user(), null));
    }

    /** Notes in the ledger what the executor of a run has noticed, and what changes nothing of the run. */
    public void note(long runId, RunListener.Kind kind, String message) {
        try (var session = database.open("backhoe/" + runId + "/note", SETTINGS)) {
            EventTable.note(session, runId, kind.word(), message);
        }
    }

    public RunReport report(long runId) {
        return runs.report(runId);
    }

    /** How those know a run who keep track of data in many places. Writes nothing. */
    public KnownRun known(long runId) {
        return runs.read(s -> {
            RunRecord run = runs.required(s, runId);
            return KnownRun.read(database, s, run, NewRun.planOf(s, run));
        });
    }

    /** As above, for one who has its plan. */
    public KnownRun known(long runId, Plan plan) {
        return runs.read(s -> KnownRun.read(database, s, runs.required(s, runId), plan));
    }

    /**
     * How a run stands and how fast it is, whether or not a process executes it: its totals, and its chunks if they are
     * few, else the first that somebody may have to look at. Writes nothing.
     *
     * @param most how many chunks to list
     */
    public RunStatus status(long runId, int most) {
        return status(Long.toString(runId), most);
    }

    /** As above, of the run that {@link #find} finds, in one session. */
    public RunStatus status(@Nullable String idOrName, int most) {
        return runs.read(s -> RunStatus.read(s, runs.find(s, idOrName), most));
    }

    /** To look at a run again and again. To be closed by the caller. */
    public RunWatch watch(long runId) {
        return new RunWatch(runs, runId, runs::open);
    }

    /** What time it is for the ledger, whose times are not of this machine's clock. Writes nothing. */
    public Instant now() {
        return runs.read(DatabaseTime::now);
    }

    /** All that a report tells of a run, as of one moment, whether or not a process executes it. Writes nothing. */
    public RunAccount account(long runId) {
        return runs.read(s -> {
            s.begin(Session.Isolation.REPEATABLE_READ);
            var account = RunAccount.read(s, runs.required(s, runId));
            s.commit();
            return account;
        });
    }

    /** Whether what the ledger tells of a run is what was written: its chain of events, walked anew. Writes nothing. */
    public Audit audit(long runId) {
        return runs.read(s -> audit(s, runs.required(s, runId).id()));
    }

    /** Of all runs, newest first, each at a moment of its own; empty when there is no ledger. */
    public List<Audit> audits() {
        try (var session = database.open("backhoe/look", SETTINGS)) {
            if (!runs.isCurrent(session)) {
                return List.of();
            }
            return AuditTable.runs(session).stream()
                    .map(id -> audit(session, id))
                    .toList();
        }
    }

    private static Audit audit(Session session, long runId) {
        session.begin(Session.Isolation.REPEATABLE_READ);
        var audit = AuditTable.of(session, runId);
        session.commit();
        return audit;
    }

    /** The plan that has this hash, when the ledger has it because it has run once. Writes nothing. */
    public Optional<Plan> planned(String hash) {
        return hasLedger() ? runs.read(s -> NewRun.plan(s, hash)) : Optional.empty();
    }

    /** Newest first; empty when there is no ledger. */
    public List<RunRecord> list(int limit) {
        try (var session = database.open("backhoe/look", SETTINGS)) {
            return runs.isCurrent(session) ? RunTable.list(session, null, limit) : List.of();
        }
    }

    /**
     * The run that a person means.
     *
     * @param idOrName a run's id, a backfill's name (its newest run), or null: the only run that has not ended, else the
     *     newest run
     */
    public long find(@Nullable String idOrName) {
        return runs.find(idOrName);
    }

    private RunReport ask(long runId, String verb, RunState wished, Cause cause) {
        RunRecord run = runs.read(s -> runs.required(s, runId));
        boolean may = run.state().mayBecome(wished);
        // Whoever has just begun to execute it has not yet said so in its state. A cancelled run stays so whoever has
        // its lock.
        boolean stays = run.state() == wished && wished == RunState.CANCELLED;
        boolean begins = run.executed() && !run.state().isUnderWay() && !stays;
        if (run.state() == wished && !begins) {
            return report(runId);
        }
        String outcome = run.state().name();
        if (may || begins) {
            try (var session = database.open("backhoe/" + verb, SETTINGS)) {
                outcome = new Wish(session, time, runId, verb, cause).fulfil(wished, !may);
            }
        }
        if (!may && run.state() != wished && outcome.equals(run.state().name())) {
            throw Runs.wrongState(run, wished.name().toLowerCase(Locale.ROOT), "backhoe status " + runId);
        }
        return report(runId);
    }

    private static Map<String, String> settings(Plan plan) {
        var settings = new HashMap<>(plan.session());
        settings.putAll(SETTINGS);
        return settings;
    }
}
