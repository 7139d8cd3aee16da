package io.backhoe.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "retry", description = "Does failed chunks and quarantined rows of a run again.")
final class RetryVerb implements Verb {
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
                out, target.flags(), (stop, listener) -> backhoe.retry(runId, execution.options(), stop, listener));
    }
}
