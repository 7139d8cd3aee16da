package io.backhoe.cli;

import io.backhoe.report.RunStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Shows a run, whichever process executes it.")
final class StatusVerb extends OnRun {
    /** What else is shown than how the run stands. */
    record Wanted(boolean chunks, boolean why) {}

    @Option(names = "--chunks", description = "List every chunk, on the page and with --json.")
    private boolean chunks;

    @Option(
            names = {"-w", "--watch"},
            description =
                    "Go on showing it until it has ended or stopped; q or Ctrl-C leaves, and the run goes on. With "
                            + "--json a document a second, each on a line.")
    private boolean watch;

    @Option(names = "--why", description = "What limits its speed right now, and what it has lost time to.")
    private boolean why;

    @Override
    Answer answer(Out out, Target target, RunArgument named) {
        return watch ? super.answer(out, target, named) : shown(out, target, named);
    }

    @Override
    Answer answer(Out out, Target target, long runId) {
        return new StatusWatch(out, target, runId, new Wanted(chunks, why)).answer();
    }

    private Answer shown(Out out, Target target, RunArgument named) {
        var status = target.backhoe().status(named.named(), chunks ? Integer.MAX_VALUE : RunPage.CHUNKS_SHOWN);
        var page = new RunPage(out, status.report(), status.readAt(), target.flags());
        var lines = (chunks ? page.withAllChunks() : page).status();
        lines.addAll(PacePage.lines(status, why));
        out.lines(lines);
        return Answer.done(data(status, chunks));
    }

    static Map<String, @Nullable Object> data(RunStatus status, boolean chunks) {
        if (!chunks) {
            return summary(status);
        }
        var data = RunDocument.of(status.report(), status.readAt());
        Object all = data.remove("chunks");
        data.putAll(pace(status));
        data.put("chunks", all);
        return data;
    }

    /** Without its chunks. */
    private static Map<String, @Nullable Object> summary(RunStatus status) {
        var data = new LinkedHashMap<>(RunDocument.summary(status.report(), status.readAt()));
        data.putAll(pace(status));
        return data;
    }

    private static Map<String, @Nullable Object> pace(RunStatus status) {
        var data = PaceDocument.of(status.pace(), status.readAt());
        var deaf = status.deaf();
        data.put(
                "not_heard",
                deaf == null ? null : Map.of("since", Figures.instant(deaf.at()), "message", deaf.message()));
        return data;
    }
}
