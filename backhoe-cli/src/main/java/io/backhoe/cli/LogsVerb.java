package io.backhoe.cli;

import io.backhoe.RunWatch;
import io.backhoe.ledger.LogEntry;
import io.backhoe.value.SystemTime;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    /** What was written by transactions that were still open at the last look. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final int MANY = 100_000;

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
        entries.forEach(e -> out.line(line(runId, e)));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("run_id", Long.toString(runId));
        data.put("lines", entries.stream().map(e -> data(runId, e)).toList());
        return Answer.done(data);
    }

    private Answer follow(Out out, RunWatch watch, long runId) {
        var stopped = new AtomicBoolean();
        Set<String> told = new HashSet<>();
        try (var interrupts = new Interrupts(signal -> stopped.set(true))) {
            tell(out, runId, watch.log(null, lines), told);
            for (boolean goesOn = true; goesOn && !stopped.get(); ) {
                goesOn = watch.status(0).run().executed();
                tell(out, runId, watch.log(time.now().minus(LATE), MANY), told);
                time.sleep(goesOn ? LOOK_EVERY : Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Answer.alreadyWritten();
    }

    private void tell(Out out, long runId, List<LogEntry> entries, Set<String> told) {
        for (LogEntry entry : entries) {
            if (told.add(entry.id())) {
                if (out.json()) {
                    out.document("logs", Answer.done(data(runId, entry)));
                } else {
                    out.line(line(runId, entry));
                }
            }
        }
    }

    private String line(long runId, LogEntry e) {
        String by = e.kind().equals("command") ? " by " + e.who() + (e.why() == null ? "" : ": " + e.why()) : "";
        return format.line(e.at(), runId, e.kind(), e.chunk(), e.message() + by);
    }

    private static Map<String, @Nullable Object> data(long runId, LogEntry e) {
        Map<String, @Nullable Object> data =
                new LinkedHashMap<>(LogFormat.data(e.at(), runId, e.kind(), e.chunk(), e.message()));
        data.put("who", e.who());
        data.put("origin", e.origin());
        data.put("why", e.why());
        data.put("was", e.was());
        data.put("became", e.became());
        return data;
    }
}
