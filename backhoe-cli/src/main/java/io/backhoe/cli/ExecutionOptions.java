package io.backhoe.cli;

import io.backhoe.run.RunOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How this process executes a run. */
final class ExecutionOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    private @Nullable Integer parallelism;

    private @Nullable Integer maxChunks;

    @Option(names = "--parallelism", paramLabel = "N", description = "Workers, 1 to 64; default: the plan's.")
    void parallelism(int workers) {
        parallelism = between(1, 64, "--parallelism", workers);
    }

    @Option(names = "--max-chunks", paramLabel = "N", description = "Stop, resumable, after so many chunks.")
    void maxChunks(int chunks) {
        maxChunks = between(1, Integer.MAX_VALUE, "--max-chunks", chunks);
    }

    @Option(names = "--plain", description = "Line by line, also on a terminal.")
    private boolean plain;

    boolean plain() {
        return plain;
    }

    RunOptions options() {
        return new RunOptions(parallelism, maxChunks, Requester.name());
    }

    private int between(int least, int most, String option, int value) {
        if (value < least || value > most) {
            String range = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
            throw new ParameterException(command.commandLine(), option + " is " + range + ", not " + value);
        }
        return value;
    }
}
