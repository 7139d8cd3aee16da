package io.backhoe.cli;

import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.value.SystemTime;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How this process executes a run. */
final class ExecutionOptions {
    private static final int MOST_PORT = 65_535;

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

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description =
                    "A line for each event, with time, run and chunk, in place of the progress; for programs that "
                            + "read logs.")
    private @Nullable LogFormat format;

    private @Nullable InetSocketAddress metrics;

    private @Nullable String metricsAt;

    @Option(
            names = "--metrics-port",
            paramLabel = "[HOST:]PORT",
            description = "Let Prometheus read how the run goes, at /metrics, while this process works on it; on "
                    + "127.0.0.1 where no host is given, on all addresses for 0.0.0.0.")
    void metrics(String at) {
        int colon = at.lastIndexOf(':');
        String port = at.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > MOST_PORT) {
            throw new ParameterException(
                    command.commandLine(), "--metrics-port is [HOST:]PORT, a port from 0 to 65535, not " + at);
        }
        String host = colon < 0 ? "127.0.0.1" : at.substring(0, colon);
        metrics = new InetSocketAddress(host, Integer.parseInt(port));
        metricsAt = at;
        if (metrics.isUnresolved()) {
            throw new ParameterException(command.commandLine(), "--metrics-port: there is no host " + host);
        }
    }

    @Mixin
    private ReasonOption reason = new ReasonOption();

    /** Where metrics are shown; null where nobody asked for them. */
    @Nullable
    InetSocketAddress metrics() {
        return metrics;
    }

    boolean plain() {
        return plain || format != null;
    }

    /** Where to talk to people: not where the log is written. */
    Out talk(Out out) {
        return format == null ? out : out.aside();
    }

    /** Who tells people of a run, line by line; to be closed where it can be. */
    RunListener lines(Out out, io.backhoe.cli.Target target) {
        var time = new SystemTime();
        var log = out.json() ? out.terminal().err() : out.terminal().out();
        return format == null
                ? new ProgressLines(out::line, time)
                : new LogLines(log::println, format, target.backhoe()::watch, new Away(out), time);
    }

    RunOptions options() {
        return new RunOptions(parallelism, maxChunks, Requester.name(), reason.reason(), false);
    }

    /** As words of a command that goes on where this one has ended so many chunks. */
    List<String> without(int chunksEnded) {
        var words = new ArrayList<String>();
        if (parallelism != null) {
            words.addAll(List.of("--parallelism", Integer.toString(parallelism)));
        }
        if (maxChunks != null) {
            words.addAll(List.of("--max-chunks", Integer.toString(Math.max(1, maxChunks - chunksEnded))));
        }
        if (metricsAt != null) {
            words.addAll(List.of("--metrics-port", metricsAt));
        }
        return words;
    }

    private int between(int least, int most, String option, int value) {
        if (value < least || value > most) {
            String range = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
            throw new ParameterException(command.commandLine(), option + " is " + range + ", not " + value);
        }
        return value;
    }
}
