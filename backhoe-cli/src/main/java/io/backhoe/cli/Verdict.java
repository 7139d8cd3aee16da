package io.backhoe.cli;

import io.backhoe.ledger.RunRecord;
import io.backhoe.report.RunReport;
import io.backhoe.value.ExitCode;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the state of a run means for the process that executed it. */
final class Verdict {
    private Verdict() {}

    /** @return null when all is well; else why not, with the exit code */
    static @Nullable Failure of(RunReport report, String flags) {
        RunRecord run = report.run();
        ExitCode exit = exit(run);
        if (exit == ExitCode.SUCCESS) {
            return null;
        }
        String message = "Run " + run.id() + " (" + run.name() + ") is " + run.state()
                + (run.reason() == null ? "" : ": " + run.reason()) + ".";
        return new Failure(
                exit,
                "run_" + run.state().name().toLowerCase(Locale.ROOT),
                message,
                NextStep.of(report, flags),
                exit == ExitCode.STOPPED);
    }

    static ExitCode exit(RunRecord run) {
        return switch (run.state()) {
            case SUCCEEDED, ROLLED_BACK -> ExitCode.SUCCESS;
            case PARTIAL -> ExitCode.PARTIAL;
            // Taking back only the chunks that were asked for is all that was wanted; the ledger says so.
            case ROLLBACK_PARTIAL -> recorded(run.exitCode(), ExitCode.PARTIAL);
            case FAILED -> ExitCode.CHECK_FAILED;
            case PAUSED -> recorded(run.exitCode(), ExitCode.STOPPED);
            case CANCELLED -> ExitCode.STOPPED;
            case PLANNED, RUNNING, VERIFYING, ROLLING_BACK -> ExitCode.UNEXPECTED;
        };
    }

    private static ExitCode recorded(@Nullable Integer code, ExitCode otherwise) {
        return code == null
                ? otherwise
                : Arrays.stream(ExitCode.values())
                        .filter(e -> e.code() == code)
                        .findFirst()
                        .orElse(ExitCode.UNEXPECTED);
    }
}
