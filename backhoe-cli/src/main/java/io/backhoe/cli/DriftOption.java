package io.backhoe.cli;

import io.backhoe.value.Cause;
import picocli.CommandLine.Option;

/** Whether to go on although the table has changed. */
final class DriftOption {
    @Option(
            names = "--accept-drift",
            description =
                    "Go on although the table has changed since the run was planned for it. Refused where the plan's "
                            + "SQL would be wrong by now.")
    private boolean accept;

    void accept(Out out, Target target, long runId, Cause cause) {
        if (!accept) {
            return;
        }
        var lines = target.backhoe().acceptDrift(runId, cause);
        if (!lines.isEmpty()) {
            out.line("Accepted:");
            lines.forEach(l -> out.line("  " + l));
        }
    }
}
