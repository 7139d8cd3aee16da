package io.backhoe.cli;

import io.backhoe.Backhoe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The run that a verb is about. */
final class RunArgument {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "Its id, or the backfill's name (its newest run); nothing means the only run that has not "
                    + "ended, else the newest.")
    private @Nullable String run;

    /** Null when nobody named one. */
    @Nullable
    String named() {
        return run;
    }

    long find(Backhoe backhoe) {
        return backhoe.find(run);
    }
}
