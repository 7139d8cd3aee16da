package io.backhoe.cli;

import io.backhoe.value.RunState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "cancel", description = "Ends a run for good; what it wrote stays until it is rolled back.")
final class CancelVerb implements Verb {
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
        var report = backhoe.cancel(run.find(backhoe), Requester.name());
        return Asked.answer(out, report, RunState.CANCELLED, target.flags());
    }
}
