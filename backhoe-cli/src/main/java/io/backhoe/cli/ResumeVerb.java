package io.backhoe.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "resume",
        description = "Goes on with a run, or with the rollback of one, that has stopped or whose process has died.")
final class ResumeVerb implements Verb {
    @Mixin
    private RunArgument run = new RunArgument();

    @Mixin
    private ExecutionOptions execution = new ExecutionOptions();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        var target = connection.target(out, null);
        var backhoe = target.backhoe();
        long runId = run.find(backhoe);
        return Execution.of(
                out, target.flags(), (stop, listener) -> backhoe.resume(runId, execution.options(), stop, listener));
    }
}
