package io.backhoe.check;

import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.RunRecord;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.run.Examiner;
import io.backhoe.run.batch.UntouchedColumns;
import io.backhoe.spec.Check;
import io.backhoe.spec.CheckKind;
import io.backhoe.spec.QueryRules;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the checks of a plan, all of them, one after the other over one connection. A check that throws could not tell; one
 * whose connection was lost is asked again. One instance for one use; thread-safe as far as {@link #stop} goes.
 */
public final class Checks implements Examiner {
    private static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Database database;
    private final Plan plan;
    private final Time time;
    private final Effort effort;
    private List<CheckTable.Baseline> baseline = List.of();
    private Consumer<Session> preparation = s -> {};
    private volatile boolean stopped;
    private volatile @Nullable Session session;

    public Checks(Database database, Plan plan, Time time, Effort effort) {
        this.database = database;
        this.plan = plan;
        this.time = time;
        this.effort = effort;
    }

    /** The same, with something done first in each session in which questions are asked before there is a run. */
    public Checks preparedBy(Consumer<Session> first) {
        preparation = first;
        return this;
    }

    /** What was counted before the run, when that was asked for; known after {@link #before}. */
    public List<CheckTable.Baseline> baseline() {
        return baseline;
    }

    /**
     * Before there is a run.
     *
     * @param told each answer as soon as it is there
     */
    public List<CheckRecord> before(Consumer<CheckRecord> told) {
        return ask(plan.spec().execution().preChecks(), CheckRecord.Phase.PRE, null, told);
    }

    /** At the end of a run. */
    @Override
    public List<CheckRecord> examine(RunRecord run, Consumer<CheckRecord> told) {
        return ask(plan.spec().execution().postChecks(), CheckRecord.Phase.POST, run, told);
    }

    /** Of rows that are written those checks that need no others; always whether they are what the expressions yield. */
    @Override
    public List<CheckRecord> examineCanary(RunRecord run, Consumer<CheckRecord> told) {
        var asked = new ArrayList<Check>(plan.spec().execution().postChecks().stream()
                .filter(c -> c.kind() == CheckKind.VALUES_MATCH || c.kind() == CheckKind.UNTOUCHED_COLUMNS)
                .toList());
        if (asked.stream().noneMatch(c -> c.kind() == CheckKind.VALUES_MATCH)
                && plan.sql().images() != null
                && plan.spec().requiredTransform().function() == null
                && plan.spec().requiredTransform().source() == null
                && plan.spec().rollback().keepsInDatabase()) {
            asked.add(Check.of(CheckKind.VALUES_MATCH));
        }
        return ask(asked, CheckRecord.Phase.VERIFY, run, told);
    }

    /**
     * Whenever somebody wants to know.
     *
     * @param name of one; null for all of the plan's
     * @throws BackhoeException USAGE when the plan has no such check
     */
    public List<CheckRecord> verify(RunRecord run, @Nullable String name) {
        var all = plan.spec().execution().postChecks();
        var chosen = name == null
                ? all
                : all.stream().filter(c -> c.name().equals(name)).toList();
        if (name != null && chosen.isEmpty()) {
            chosen = List.of(
                    Check.named(name, plan.spec().requiredTransform().set().keySet()));
            refuseUnfit(chosen.get(0));
        }
        return ask(chosen, CheckRecord.Phase.VERIFY, run, answer -> {});
    }

    private void refuseUnfit(Check check) {
        String why =
                QueryRules.whyNot(check.kind(), plan.spec().requiredTransform().source() != null);
        if (why != null) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "check_unfit",
                    check.name() + " cannot be asked of this run: " + why + ".",
                    "backhoe verify without a name asks the checks of its plan.");
        }
    }

    @Override
    public void stop() {
        stopped = true;
        Session open = session;
        if (open != null) {
            try {
                open.cancel();
            } catch (DatabaseException e) {
                // A server out of reach runs nothing for us any more.
                open.abandon();
            }
        }
    }

    @Override
    public @Nullable UntouchedColumns untouched(Session look) {
        Check check = untouchedCheck();
        if (check == null) {
            return null;
        }
        var table = database.table(look, plan.spec().scope().table());
        var sql = database.checkSql(table, Planner.shapeOf(plan, table), UntouchedColumnsUnchanged.mayChange(check));
        return sql.others().isEmpty()
                ? null
                : new UntouchedColumns(
                        sql.untouched(),
                        sql.others(),
                        UntouchedColumnsUnchanged.every(check, effort.equals(Effort.FULL)));
    }

    private @Nullable Check untouchedCheck() {
        return plan.spec().execution().postChecks().stream()
                .filter(c -> c.kind() == CheckKind.UNTOUCHED_COLUMNS)
                .findFirst()
                .orElse(null);
    }

    private List<CheckRecord> ask(
            List<Check> checks, CheckRecord.Phase phase, @Nullable RunRecord run, Consumer<CheckRecord> told) {
        var records = new ArrayList<CheckRecord>();
        try {
            for (Check check : checks) {
                var question = Questions.of(check);
                var purged = gone(check, run);
                var result = purged == null ? ask(question, run) : CheckResult.couldNotTell(purged);
                if (question instanceof CaptureBaseline capture) {
                    baseline = capture.captured();
                } else if (question instanceof CaptureGaps capture) {
                    baseline = capture.captured();
                }
                var record = new CheckRecord(
                        phase,
                        check.name(),
                        result.verdict(),
                        result.remark(),
                        result.evidence(),
                        result.sql(),
                        time.now());
                records.add(record);
                told.accept(record);
            }
        } finally {
            close();
        }
        return records;
    }

    /** Why a check that looks at what the run wrote cannot any more, or never could; null when it can. */
    private @Nullable String gone(Check check, @Nullable RunRecord run) {
        boolean looks = check.kind() == CheckKind.VALUES_MATCH
                || check.kind() == CheckKind.DISTRIBUTION
                || check.kind() == CheckKind.RECORDS_FOUND;
        if (!looks || run == null || plan.sql().images() == null) {
            return null;
        }
        String instead = "; a query of one's own over the rows in scope can still tell";
        String what = "the before-images of run " + run.id() + ", which tell what it wrote, ";
        if (run.purgedAt() != null) {
            return what + "were purged on " + run.purgedAt() + instead;
        }
        return plan.spec().rollback().keepsInDatabase() || check.kind() == CheckKind.RECORDS_FOUND
                ? null
                : what + "are in its backup alone (rollback.keep_in_database: false)" + instead;
    }

    private CheckResult ask(Question question, @Nullable RunRecord run) {
        for (int attempt = 1; ; attempt++) {
            if (stopped) {
                return CheckResult.couldNotTell("stopped before it could tell");
            }
            try {
                return question.ask(ground(run));
            } catch (DatabaseException e) {
                if (!passes(e.kind()) || attempt == TRIES) {
                    return CheckResult.couldNotTell(said(e));
                }
            } catch (BackhoeException e) {
                if (e.exit() != ExitCode.UNREACHABLE || attempt == TRIES) {
                    return CheckResult.couldNotTell(e.getMessage());
                }
            } catch (RuntimeException e) {
                return CheckResult.couldNotTell("an error that nobody foresaw: " + e);
            }
            close();
            if (!paused(attempt)) {
                return CheckResult.couldNotTell("interrupted before it could tell");
            }
        }
    }

    private static boolean passes(ErrorKind kind) {
        return kind == ErrorKind.CONNECTION_LOST || kind == ErrorKind.TRANSIENT || kind == ErrorKind.LOCK_TIMEOUT;
    }

    private static String said(DatabaseException e) {
        return e.kind() == ErrorKind.TIMEOUT ? "it took longer than it may: " + e.getMessage() : e.getMessage();
    }

    private boolean paused(int attempt) {
        try {
            time.sleep(PAUSE.multipliedBy(attempt));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Ground ground(@Nullable RunRecord run) {
        Session open = session;
        if (open == null) {
            open = open(run == null ? "backhoe/check" : "backhoe/" + run.id() + "/check");
            session = open;
            if (run == null) {
                preparation.accept(open);
            }
        }
        var table = database.table(open, plan.spec().scope().table());
        var sql = database.checkSql(
                table, Planner.shapeOf(plan, table), UntouchedColumnsUnchanged.mayChange(untouchedCheck()));
        return new Ground(database, plan, effort, open, table, sql, run, Piece.of(plan));
    }

    private Session open(String name) {
        var settings = new HashMap<>(plan.session());
        settings.put("lock_timeout", "2s");
        // For one chunk, or as much.
        settings.put("statement_timeout", "10min");
        return database.open(name, settings);
    }

    private void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
