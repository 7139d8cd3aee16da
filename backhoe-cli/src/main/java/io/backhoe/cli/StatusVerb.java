package io.backhoe.cli;

import io.backhoe.value.SystemTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status", description = "Shows a run, whichever process executes it.")
final class StatusVerb implements Verb {
    @Mixin
    private RunArgument run = new RunArgument();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        var target = connection.target(out, null);
        var report = target.backhoe().report(run.find(target.backhoe()));
        var now = new SystemTime().now();
        out.lines(new RunPage(out, report, now, target.flags()).status());
        return Answer.done(RunDocument.of(report, now));
    }
}
