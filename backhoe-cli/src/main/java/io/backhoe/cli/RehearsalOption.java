package io.backhoe.cli;

import io.backhoe.PlanOptions;
import picocli.CommandLine.Option;

/** Whether a plan is tried on a few rows. */
final class RehearsalOption {
    @Option(
            names = "--no-rehearsal",
            description =
                    "Do not try the plan on three batches of at most 500 rows, rolled back. Without it the forecast "
                            + "is a guess.")
    private boolean none;

    PlanOptions options(Out out) {
        return none
                ? PlanOptions.LOOK_ONLY
                : new PlanOptions(true, out.terminal().err()::println);
    }
}
