package io.backhoe.cli;

import io.backhoe.ledger.Tuning;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "tune",
        description =
                "Changes the pace of a run while it goes on, or before it is resumed. It holds until somebody tunes "
                        + "again. What the run does stays as the plan says.")
final class TuneVerb extends OnRun {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s)");

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--parallelism", paramLabel = "N", description = "Workers, 1 to 64.")
    private @Nullable Integer parallelism;

    @Option(
            names = "--batch-time",
            paramLabel = "TIME",
            description = "How long a batch, and with it its locks, may take: 10ms to 60s; 500ms when nobody says "
                    + "otherwise.")
    private @Nullable String batchTime;

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Override
    Answer answer(Out out, Target target, long runId) {
        var tuning = tuning();
        target.backhoe().tune(runId, tuning, reason.cause());
        var now = target.backhoe().status(runId, 0).pace();
        out.line("Run " + runId + " is tuned: " + now.tuned() + ".");
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("run_id", Long.toString(runId));
        data.put("parallelism", now.tuned().workers());
        Duration time = now.tuned().batchTime();
        data.put("batch_time_ms", time == null ? null : time.toMillis());
        return Answer.done(data);
    }

    private Tuning tuning() {
        if (parallelism == null && batchTime == null) {
            throw usage("Tune what? --parallelism N or --batch-time TIME.");
        }
        try {
            return new Tuning(parallelism, batchTime == null ? null : duration(batchTime));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Duration duration(String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw usage("--batch-time is a number with ms or s, such as 250ms, not " + text);
        }
        long number = Long.parseLong(parts.group(1));
        return parts.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
