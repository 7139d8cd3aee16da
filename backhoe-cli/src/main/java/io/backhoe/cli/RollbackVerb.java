package io.backhoe.cli;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.report.RunReport;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rollback",
        description = "Restores what a run overwrote, from its before-images. A row that somebody changed since is "
                + "left alone and counted.")
final class RollbackVerb extends OnRun {
    @Option(names = "--chunk", paramLabel = "ID", description = "Only this chunk; may be repeated.")
    private List<String> chunks = new ArrayList<>();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    private ExecutionOptions execution = new ExecutionOptions();

    @Override
    Answer answer(Out out, Target target, long runId) {
        var before = target.backhoe().report(runId);
        refuseUnknown(before);
        confirm(out, before, target);
        return Execution.of(
                out,
                target,
                execution,
                (stop, listener) -> target.backhoe().rollback(runId, chunks, execution.options(), stop, listener));
    }

    private void refuseUnknown(RunReport report) {
        var known = report.chunks().stream().map(ChunkRecord::id).toList();
        var unknown = chunks.stream().filter(id -> !known.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "chunk_not_found",
                    "Run " + report.run().id() + " has no chunk " + String.join(", ", unknown)
                            + ". Nothing was changed.",
                    "Its chunks: " + String.join(", ", known.subList(0, Math.min(12, known.size())))
                            + (known.size() > 12 ? ", ..." : ""));
        }
    }

    private void confirm(Out out, RunReport report, Target target) {
        if (yes) {
            return;
        }
        long rows = report.chunks().stream()
                .filter(c -> chunks.isEmpty() || chunks.contains(c.id()))
                .mapToLong(c -> c.changed() - c.restored() - c.kept())
                .sum();
        String what = "Restore " + Figures.rows(rows) + " of " + report.run().table() + " to what they were before run "
                + report.run().id() + " (" + report.run().name() + ")";
        if (!out.canAsk()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "confirmation_missing",
                    what + "? Nobody can be asked. Nothing was changed.",
                    "Add --yes.");
        }
        if (!out.confirm(what + ", in " + target.description() + "?")) {
            throw new BackhoeException(ExitCode.REFUSED, "not_confirmed", "Not confirmed. Nothing was changed.", null);
        }
    }
}
