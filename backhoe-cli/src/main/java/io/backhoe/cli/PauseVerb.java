package io.backhoe.cli;

import io.backhoe.value.RunState;
import picocli.CommandLine.Command;

@Command(name = "pause", description = "Asks whoever executes a run to stop, resumable, and waits for it.")
final class PauseVerb extends OnRun {
    @Override
    Answer answer(Out out, Target target, long runId) {
        var report = target.backhoe().pause(runId, Requester.name());
        return Asked.answer(out, report, RunState.PAUSED, target.flags());
    }
}
