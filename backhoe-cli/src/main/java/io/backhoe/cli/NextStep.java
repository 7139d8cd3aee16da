package io.backhoe.cli;

import io.backhoe.ledger.RunRecord;
import io.backhoe.plan.Drift;
import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import org.jspecify.annotations.Nullable;

/** What to type next about a run. */
final class NextStep {
    private NextStep() {}

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    static @Nullable String of(RunReport report, String flags) {
        RunRecord run = report.run();
        return switch (run.state()) {
            case PLANNED, RUNNING, VERIFYING, ROLLING_BACK ->
                run.executed() ? command("pause", run, flags) : command("resume", run, flags);
            case PAUSED ->
                drifted(run)
                        ? Drift.waysOn(run.id(), flags)
                        : tooManyFailures(run) ? mendAndRetry(run, flags) : command("resume", run, flags);
            case PARTIAL -> retry(run, flags) + (run.images() ? ", or " + command("rollback", run, flags) : "");
            case FAILED ->
                (report.count(ChunkState.FAILED) > 0 ? retry(run, flags) + " does its failed chunks again; " : "")
                        + command("verify", run, flags) + " looks again"
                        + (run.images() ? "; " + command("rollback", run, flags) : "");
            case CANCELLED, SUCCEEDED, ROLLBACK_PARTIAL -> run.images() ? command("rollback", run, flags) : null;
            case ROLLED_BACK -> null;
        };
    }

    /** The run paused by itself, for rows or chunks that failed: going on as before would only set aside more. */
    private static boolean tooManyFailures(RunRecord run) {
        return !run.undoing() && Integer.valueOf(ExitCode.PARTIAL.code()).equals(run.exitCode());
    }

    private static String whatIsLeft(RunReport report, String flags) {
        String rollback = command("rollback", report.run(), flags);
        return report.kept() == 0
                ? rollback
                : rollback + " --dry-run lists the rows that were kept; --on-conflict overwrite restores them too";
    }

    /** Without the images that its batches write to, another run has to do it. */
    private static String retry(RunRecord run, String flags) {
        return command(run.purgedAt() == null ? "retry" : "plan --rest-of", run, flags);
    }

    private static boolean drifted(RunRecord run) {
        return !run.undoing() && Integer.valueOf(ExitCode.DRIFTED.code()).equals(run.exitCode());
    }

    private static String mendAndRetry(RunRecord run, String flags) {
        return "look at the expression, or the rows, then: " + command("retry", run, flags);
    }

    static String command(String verb, RunRecord run, String flags) {
        return "backhoe " + verb + " " + run.id() + flags;
    }
}
