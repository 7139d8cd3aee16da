package io.backhoe.cli;

import io.backhoe.value.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "cancel", description = "Ends a run for good; what it wrote stays until it is rolled back.")
final class CancelVerb extends OnRun {
    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Override
    Answer answer(Out out, Target target, long runId) {
        var report =
                Telling.cancelling(target, out, runId, () -> target.backhoe().cancel(runId, reason.cause()));
        return Asked.answer(out, report, RunState.CANCELLED, target);
    }
}
