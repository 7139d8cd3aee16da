package io.backhoe.cli;

import io.backhoe.value.SystemTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Shows a run, whichever process executes it.")
final class StatusVerb extends OnRun {
    @Option(names = "--chunks", description = "List every chunk, on the page and with --json.")
    private boolean chunks;

    @Override
    Answer answer(Out out, Target target, long runId) {
        var backhoe = target.backhoe();
        var report = chunks ? backhoe.report(runId) : backhoe.status(runId, RunPage.CHUNKS_SHOWN);
        var now = new SystemTime().now();
        var page = new RunPage(out, report, now, target.flags());
        out.lines((chunks ? page.withAllChunks() : page).status());
        return Answer.done(chunks ? RunDocument.of(report, now) : RunDocument.summary(report, now));
    }
}
