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
        return answer(out, connection.target(out), run);
    }

    /** For a verb that does not have to look for the run by itself. */
    Answer answer(Out out, Target target, RunArgument named) {
        return answer(out, target, named.find(target.backhoe()));
    }

    abstract Answer answer(Out out, Target target, long runId);
}
