package io.backhoe.cli;

import io.backhoe.value.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "pause", description = "Asks whoever executes a run to stop, resumable, and waits for it.")
final class PauseVerb extends OnRun {
    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Override
    Answer answer(Out out, Target target, long runId) {
        var report = target.backhoe().pause(runId, reason.cause());
        return Asked.answer(out, report, RunState.PAUSED, target);
    }
}
