package io.backhoe.cli;

import picocli.CommandLine.Mixin;

/** A verb about one run: what it needs to find the run, and to say what became of it. */
abstract class OnRun implements Verb {
    @Mixin
    private RunArgument run = new RunArgument();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public final Answer answer(Out out) {
        var target = connection.target(out);
        return answer(out, target, run.find(target.backhoe()));
    }

    abstract Answer answer(Out out, Target target, long runId);
}
