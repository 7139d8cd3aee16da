package io.backhoe.cli;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run: the table of its chunks, and what has become of it. Readable at 80 columns. */
final class RunPage {
    /** Of more chunks than these, only those are listed that somebody has to look at. */
    static final int CHUNKS_SHOWN = 60;

    private final Out out;
    private final RunReport report;
    private final Instant now;
    private final String flags;
    private @Nullable Duration elapsed;
    private boolean allChunks;

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    RunPage(Out out, RunReport report, Instant now, String flags) {
        this.out = out;
        this.report = report;
        this.now = now;
        this.flags = flags;
    }

    /** How long this process worked on it: the only time there is of taking something back. */
    RunPage took(Duration time) {
        elapsed = time;
        return this;
    }

    /** Lists every chunk, however many they are. */
    RunPage withAllChunks() {
        allChunks = true;
        return this;
    }

    /** What has become of the run, without what to do about it. */
    List<String> result() {
        var lines = new ArrayList<>(chunks());
        lines.add("");
        lines.add(headline());
        lines.addAll(remarks());
        return lines;
    }

    /** At the end of a process that executed the run. */
    List<String> end() {
        var lines = result();
        var run = report.run();
        switch (run.state()) {
            case SUCCEEDED, PARTIAL, FAILED, CANCELLED -> {
                if (report.changed() > 0 && run.images()) {
                    lines.add("  undo         " + NextStep.command("rollback", run, flags));
                }
            }
            default -> {}
        }
        return lines;
    }

    /** For somebody who looks at a run that may go on elsewhere. */
    List<String> status() {
        var lines = result();
        var run = report.run();
        switch (run.state()) {
            case PLANNED, RUNNING, VERIFYING, ROLLING_BACK ->
                lines.add(
                        run.executed()
                                ? "  executor     alive" + (run.executor() == null ? "" : " (" + run.executor() + ")")
                                : "  executor     no process executes it: " + NextStep.command("resume", run, flags)
                                        + (run.state() == RunState.PLANNED
                                                ? " executes it, " + NextStep.command("cancel", run, flags)
                                                        + " frees its range"
                                                : ""));
            default -> {
                String next = NextStep.of(report, flags);
                if (next != null) {
                    lines.add("  next         " + next);
                }
            }
        }
        return lines;
    }

    /** {@code Run 3 (orders_tier_backfill) SUCCEEDED: 12 of 12 chunks, 980,000 rows changed, ...}. */
    private String headline() {
        RunRecord run = report.run();
        long chunksDone = run.undoing()
                ? report.count(ChunkState.ROLLED_BACK)
                : report.count(ChunkState.SUCCESS)
                        + report.count(ChunkState.SKIPPED)
                        + report.count(ChunkState.ROLLED_BACK);
        String line = "Run " + run.id() + " (" + run.name() + ") "
                + out.state(run.state().name()) + ": "
                + chunksDone + " of " + report.allChunks() + " chunks"
                + (run.undoing() ? " taken back" : "")
                + ended();
        return line;
    }

    private String ended() {
        @Nullable Duration took = report.run().undoing() ? elapsed : Took.of(report.run(), now);
        return took == null || report.run().executed() ? "" : ", in " + Figures.time(took);
    }

    private List<String> remarks() {
        RunRecord run = report.run();
        var lines = new ArrayList<String>();
        if (run.reason() != null) {
            lines.add("  reason       " + run.reason());
        }
        var purpose = report.purpose();
        if (purpose.reason() != null) {
            lines.add("  why          " + purpose.reason().strip().replaceAll("\\s+", " "));
        }
        if (purpose.records() != null) {
            lines.add("  records      " + purpose.records());
        }
        if (!run.undoing() && (run.state() == RunState.RUNNING || run.state() == RunState.PAUSED)) {
            lines.add("  progress     " + progress());
        }
        lines.add("  rows         " + rows());
        if (report.quarantined() > 0) {
            lines.add("  quarantined  " + Figures.rows(report.quarantined())
                    + " could not be changed and were set aside, with their errors, in backhoe.quarantine");
        }
        if (run.undoing()) {
            lines.add("  restored     " + Figures.rows(report.restored())
                    + (report.overwritten() == 0
                            ? ""
                            : ", of which " + Figures.count(report.overwritten())
                                    + " over what somebody had put there since"));
        }
        if (report.kept() > 0) {
            lines.add("  kept         " + Figures.rows(report.kept())
                    + " changed or deleted by somebody since, and left alone");
        }
        if (!run.undoing()) {
            // After a canary somebody is to look at what holds, too.
            lines.addAll(CheckLines.summary(report.checks(), run.state() == RunState.PAUSED));
        }
        if (run.backup() != null) {
            lines.add("  backup       " + run.backup());
        }
        if (run.purgedAt() != null) {
            lines.add(
                    "  undo         not possible: the before-images were purged on " + Figures.instant(run.purgedAt()));
        } else if (!run.images()) {
            lines.add("  undo         not possible: the run has no before-images");
        }
        for (ChunkRecord chunk : report.chunks()) {
            if (chunk.error() != null && (run.undoing() || chunk.state() != ChunkState.SUCCESS)) {
                lines.add("  " + chunk.id() + ": " + chunk.error());
            }
        }
        return lines;
    }

    private String progress() {
        long running = report.count(ChunkState.RUNNING);
        long waiting = report.count(ChunkState.PENDING);
        long failed = report.count(ChunkState.FAILED);
        return Figures.percent(report.examined(), report.estimatedRows()) + " % of about "
                + Figures.rows(report.estimatedRows()) + "; chunks: " + running + " running, " + waiting + " waiting, "
                + failed + " failed";
    }

    private String rows() {
        @Nullable Duration took = wasPaused() ? null : Took.of(report.run(), now);
        long rate = took == null ? 0 : Figures.rate(report.examined(), took);
        return Figures.count(report.changed()) + " changed of " + Figures.count(report.examined()) + " examined"
                + (rate == 0 ? "" : ", " + Figures.count(rate) + " rows/s");
    }

    /** Time in which nothing was done is no measure of speed. */
    private boolean wasPaused() {
        RunRecord run = report.run();
        return run.epoch() > 1 || run.state() == RunState.PAUSED || run.state() == RunState.CANCELLED;
    }

    /** The table of chunks, its head first. */
    List<String> chunks() {
        boolean undoing = report.run().undoing();
        var table = new TextTable("chunk", "state", ">changed", ">examined", ">" + (undoing ? "restored" : "time"));
        var shown = shown();
        for (ChunkRecord c : shown) {
            @Nullable Duration took = Took.of(c, now);
            table.row(
                    c.id(),
                    c.state().word() + (c.attempts() > 1 ? " (" + c.attempts() + " attempts)" : ""),
                    Figures.count(c.changed()),
                    Figures.count(c.examined()),
                    undoing ? Figures.count(c.restored()) : took == null ? "-" : Figures.time(took));
        }
        var lines = new ArrayList<>(shown.isEmpty() ? List.<String>of() : table.lines());
        long more = report.allChunks() - shown.size();
        if (more > 0) {
            String what = shown.isEmpty() ? " chunks, none of which needs a look" : " more";
            lines.add("  " + (shown.isEmpty() ? "" : "and ") + Figures.count(more) + what + "; "
                    + NextStep.command("status", report.run(), flags) + " --chunks shows all");
        }
        return lines;
    }

    /** All, or, of many, those that somebody has to look at. */
    private List<ChunkRecord> shown() {
        if (allChunks || report.allChunks() <= CHUNKS_SHOWN) {
            return report.chunks();
        }
        return report.chunks().stream()
                .filter(c -> c.state() == ChunkState.FAILED || c.state() == ChunkState.RUNNING || c.quarantined() > 0)
                .limit(CHUNKS_SHOWN)
                .toList();
    }
}
