package io.backhoe.cli;

import io.backhoe.RunWatch;
import io.backhoe.ledger.LogEntry;
import io.backhoe.value.SystemTime;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "logs",
        description =
                "What happened in a run, a line each: states, chunks, batches that were tried again, rows set aside, "
                        + "requests. From the ledger, whichever process executes it.")
final class LogsVerb extends OnRun {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the run has ended or stopped; Ctrl-C leaves. With --json a document a line.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "200",
            description = "The newest so many; default: ${DEFAULT-VALUE}.")
    private int lines;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How a line is written; default: ${DEFAULT-VALUE}.")
    private LogFormat format = LogFormat.TEXT;

    private final Time time = new SystemTime();

    @Override
    Answer answer(Out out, Target target, long runId) {
        if (lines < 1) {
            throw new ParameterException(command.commandLine(), "--lines is at least 1, not " + lines);
        }
        try (var watch = target.backhoe().watch(runId)) {
            return follow ? follow(out, watch, runId) : all(out, watch, runId);
        }
    }

    private Answer all(Out out, RunWatch watch, long runId) {
        var entries = watch.log(null, lines);
        entries.forEach(e -> out.line(format.line(runId, e)));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("run_id", Long.toString(runId));
        data.put("lines", entries.stream().map(e -> LogFormat.data(runId, e)).toList());
        return Answer.done(data);
    }

    private Answer follow(Out out, RunWatch watch, long runId) {
        var stopped = new AtomicBoolean();
        var away = new Away(out);
        var follower = new LogFollower(watch);
        try (var interrupts = new Interrupts(signal -> stopped.set(true))) {
            tell(out, runId, follower.last(lines));
            for (boolean goesOn = true; goesOn && !stopped.get(); ) {
                var status = away.ask(() -> watch.status(0));
                goesOn = status == null || status.run().executed();
                // What was written before it ended is there by now, however late.
                tell(out, runId, away.ask(goesOn ? follower::more : follower::rest));
                time.sleep(goesOn ? LOOK_EVERY : Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Answer.alreadyWritten();
    }

    /** @param entries null while nothing can be known */
    private void tell(Out out, long runId, @Nullable List<LogEntry> entries) {
        for (LogEntry entry : entries == null ? List.<LogEntry>of() : entries) {
            if (out.json()) {
                out.document("logs", Answer.done(LogFormat.data(runId, entry)));
            } else {
                out.line(format.line(runId, entry));
            }
        }
    }
}
