package io.backhoe;

import io.backhoe.check.Checks;
import io.backhoe.check.Effort;
import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.CheckTable;
import io.backhoe.plan.Plan;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the pre-checks of a plan, all of them, before anything is written. */
final class PreChecks {
    /** What has an exit code of its own keeps it. */
    private static final Map<String, ExitCode> EXITS =
            Map.of("verify_permissions", ExitCode.UNREACHABLE, "verify_no_concurrent_backfills", ExitCode.CONFLICT);

    private final Checks checks;

    /** @param preparation done first in each session in which they are asked */
    PreChecks(Database database, Plan plan, Time time, Consumer<Session> preparation) {
        this.checks = new Checks(database, plan, time, Effort.USUAL).preparedBy(preparation);
    }

    /** What was found, to be kept once the run has a number. */
    record Found(List<CheckRecord> answers, List<CheckTable.Baseline> baseline) {
        void keep(Session session, long runId) {
            if (!answers.isEmpty()) {
                CheckTable.write(session, runId, answers);
            }
            if (!baseline.isEmpty()) {
                CheckTable.keep(session, runId, baseline);
            }
        }
    }

    /**
     * @param unfit why the plan cannot run in any case; all checks are asked and told beside it
     * @throws BackhoeException {@code unfit}; else {@code pre_check_failed}, naming each that fails or could not tell;
     *     STOPPED {@code stopped_before_run} when that is wished meanwhile
     */
    Found refuse(@Nullable BackhoeException unfit, StopSignal stop, RunListener listener) {
        var answers = asked(stop, listener);
        var bad = answers.stream().filter(a -> !a.holds()).toList();
        if (unfit != null && bad.isEmpty()) {
            throw unfit;
        }
        if (unfit != null) {
            throw new BackhoeException(
                    unfit.exit(),
                    unfit.code(),
                    unfit.getMessage() + "\n" + said(bad) + "\n" + holding(answers, bad),
                    unfit.hint(),
                    unfit);
        }
        if (!bad.isEmpty()) {
            var exit = exit(bad);
            throw new BackhoeException(
                    exit,
                    exit == ExitCode.CONFLICT ? "run_overlaps" : "pre_check_failed",
                    said(bad) + "\nNothing was changed; " + holding(answers, bad),
                    exit == ExitCode.CONFLICT
                            ? "Wait for that run, or do with it what is said there: each would write over the other's rows."
                            : "Mend what they name, or take a check out of execution.pre_checks and plan again.");
        }
        return new Found(answers, checks.baseline());
    }

    private List<CheckRecord> asked(StopSignal stop, RunListener listener) {
        stop.whenRequested(checks::stop);
        try {
            var answers = checks.before(a -> listener.event("check", "", a.line()));
            if (stop.reason() != null) {
                throw new BackhoeException(
                        ExitCode.STOPPED,
                        "stopped_before_run",
                        "Stopped (" + stop.reason() + ") before a run was entered. Nothing was changed.",
                        "The same command begins anew.");
            }
            return answers;
        } finally {
            stop.whenRequested(() -> {});
        }
    }

    private static String holding(List<CheckRecord> answers, List<CheckRecord> bad) {
        return (answers.size() - bad.size()) + " of " + answers.size() + " pre-checks hold.";
    }

    private static String said(List<CheckRecord> bad) {
        return bad.stream().map(PreChecks::said).collect(Collectors.joining("\n"));
    }

    private static String said(CheckRecord bad) {
        return "Pre-check " + bad.name() + " " + bad.verdict().word().replace('_', ' ') + ": " + bad.evidence() + ".";
    }

    private static ExitCode exit(List<CheckRecord> bad) {
        return bad.stream()
                .map(a -> EXITS.getOrDefault(a.name(), ExitCode.REFUSED))
                .filter(e -> e != ExitCode.REFUSED)
                .findFirst()
                .orElse(ExitCode.REFUSED);
    }
}
