package io.backhoe.cli;

import io.backhoe.ledger.RunRecord;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Lists runs, newest first.")
final class ListVerb implements Verb {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "No more than so many; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        if (limit < 1) {
            throw new ParameterException(command.commandLine(), "--limit is at least 1, not " + limit);
        }
        var backhoe = connection.target(out).backhoe();
        var runs = backhoe.list(limit);
        var now = runs.stream().anyMatch(RunRecord::executed) ? backhoe.now() : Instant.EPOCH;
        out.lines(ListPage.of(runs, now));
        return Answer.done(RunDocument.list(runs, now));
    }
}
