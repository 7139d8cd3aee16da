package io.backhoe.cli;

import io.backhoe.value.SystemTime;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Shows a run, whichever process executes it.")
final class StatusVerb extends OnRun {
    @Override
    Answer answer(Out out, Target target, long runId) {
        var report = target.backhoe().report(runId);
        var now = new SystemTime().now();
        out.lines(new RunPage(out, report, now, target.flags()).status());
        return Answer.done(RunDocument.of(report, now));
    }
}
