package io.backhoe.cli;

import io.backhoe.value.RunState;
import picocli.CommandLine.Command;

@Command(name = "cancel", description = "Ends a run for good; what it wrote stays until it is rolled back.")
final class CancelVerb extends OnRun {
    @Override
    Answer answer(Out out, Target target, long runId) {
        var report = target.backhoe().cancel(runId, Requester.name());
        return Asked.answer(out, report, RunState.CANCELLED, target.flags());
    }
}
