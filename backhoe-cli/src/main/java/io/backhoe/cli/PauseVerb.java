package io.backhoe.cli;

import io.backhoe.value.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "pause", description = "Asks whoever executes a run to stop, resumable, and waits for it.")
final class PauseVerb implements Verb {
    @Mixin
    private RunArgument run = new RunArgument();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        var target = connection.target(out, null);
        var backhoe = target.backhoe();
        var report = backhoe.pause(run.find(backhoe), Requester.name());
        return Asked.answer(out, report, RunState.PAUSED, target.flags());
    }
}
