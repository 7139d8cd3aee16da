package io.backhoe.cli;

import io.backhoe.ledger.Tuning;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
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
            description = "How long a batch, and with it its locks, may take: 10ms to 60s; as its policy "
                    + "has it when nobody says.")
    private @Nullable String batchTime;

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description = "How much it gives way to others: gentle, balanced or fast.")
    private @Nullable String policy;

    @Option(
            names = "--limit",
            paramLabel = "SIGNAL=VALUE",
            description =
                    "From where on a signal is too much: replica_lag=10s, active_sessions=20, or off. May be given "
                            + "several times.")
    private List<String> limits = List.of();

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Override
    Answer answer(Out out, Target target, long runId) {
        var tuning = tuning();
        target.backhoe().tune(runId, tuning, reason.cause());
        var now = target.backhoe().status(runId, 0).pace();
        out.line(Tuner.said(runId, now.tuned()));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("run_id", Long.toString(runId));
        data.put("parallelism", now.tuned().workers());
        Duration time = now.tuned().batchTime();
        data.put("batch_time_ms", time == null ? null : time.toMillis());
        Policy held = now.tuned().policy();
        data.put("policy", held == null ? null : held.word());
        var shown = new LinkedHashMap<String, String>();
        now.tuned().limits().forEach((name, limit) -> shown.put(name.word(), name.written(limit)));
        data.put("limits", shown);
        return Answer.done(data);
    }

    private Tuning tuning() {
        if (parallelism == null && batchTime == null && policy == null && limits.isEmpty()) {
            throw usage("Tune what? --parallelism N, --batch-time TIME, --policy POLICY or --limit SIGNAL=VALUE.");
        }
        try {
            return new Tuning(
                    parallelism,
                    batchTime == null ? null : duration(batchTime),
                    policy == null ? null : policy(policy),
                    limits());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Policy policy(String word) {
        return Policy.of(word).orElseThrow(() -> usage("--policy is gentle, balanced or fast, not " + word));
    }

    private Map<SignalName, Double> limits() {
        var read = new EnumMap<SignalName, Double>(SignalName.class);
        for (String each : limits) {
            int at = each.indexOf('=');
            String word = at < 0 ? each : each.substring(0, at);
            var name = SignalName.of(word)
                    .orElseThrow(() -> usage("--limit: '" + word + "' is no signal; they are " + SignalName.words()));
            if (at < 0) {
                throw usage("--limit is SIGNAL=VALUE, such as replica_lag=10s, not " + each);
            }
            read.put(name, name.limit(each.substring(at + 1)));
        }
        return read;
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
