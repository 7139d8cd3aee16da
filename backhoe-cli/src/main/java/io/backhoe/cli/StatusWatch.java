package io.backhoe.cli;

import io.backhoe.RunWatch;
import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.ChunkRecord;
import io.backhoe.ledger.Limit;
import io.backhoe.ledger.LogEntry;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.report.RunStatus;
import io.backhoe.run.ChunkProgress;
import io.backhoe.run.Progress;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.SystemTime;
import io.backhoe.value.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Shows a run that another process executes, until it has ended or stopped or the person has seen enough. */
final class StatusWatch {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int CHUNKS = 64;
    /** On a screen; there it is those that somebody may have to look at, where there are more. */
    private static final int LISTED = 1_000;

    private static final int EVENTS = 20;

    private final Out out;
    private final Target target;
    private final long runId;
    private final StatusVerb.Wanted wanted;
    private final Time time = new SystemTime();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<@Nullable RunStatus> last = new AtomicReference<>();
    private volatile List<String> events = List.of();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

    StatusWatch(Out out, Target target, long runId, StatusVerb.Wanted wanted) {
        this.out = out;
        this.target = target;
        this.runId = runId;
        this.wanted = wanted;
    }

    Answer answer() {
        try (var watch = target.backhoe().watch(runId);
                var interrupts = new Interrupts(signal -> over.set(true))) {
            if (!out.isScreen() || !isDrawn(watch)) {
                lines(watch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (out.json()) {
            return Answer.alreadyWritten();
        }
        var status = target.backhoe().status(runId, wanted.chunks() ? Integer.MAX_VALUE : RunPage.CHUNKS_SHOWN);
        out.lines(page(status).status());
        out.lines(PacePage.lines(status, wanted.why()));
        return Answer.done(StatusVerb.data(status, wanted.chunks()));
    }

    private RunPage page(RunStatus status) {
        var page = new RunPage(out, status.report(), status.readAt(), target.flags());
        return wanted.chunks() ? page.withAllChunks() : page;
    }

    /** A document or a line for each look, and what else is wanted. */
    private void lines(RunWatch watch) throws InterruptedException {
        var away = new Away(out);
        for (boolean goesOn = true; goesOn && !over.get(); ) {
            var status = away.ask(() -> watch.status(wanted.chunks() ? Integer.MAX_VALUE : CHUNKS));
            if (status != null) {
                goesOn = status.run().executed();
                tell(status);
            }
            if (goesOn) {
                time.sleep(LOOK_EVERY.multipliedBy(out.json() || status == null ? 1 : 5));
            }
        }
    }

    private void tell(RunStatus status) {
        if (out.json()) {
            out.document("status", Answer.done(StatusVerb.data(status, wanted.chunks())));
        } else if (status.run().executed()) {
            out.line("  " + ProgressLines.text(progress(status), true));
            if (wanted.why()) {
                out.lines(PacePage.lines(status, true));
            }
            if (wanted.chunks()) {
                out.lines(page(status).chunks());
            }
        }
    }

    /** Until it is over; not at all on a terminal that cannot be drawn on. */
    private boolean isDrawn(RunWatch watch) {
        last.set(watch.status(most()));
        try (var keys = new LiveKeys(new Elsewhere(), this::pace, time)) {
            LiveLoop opened;
            try {
                opened = new LiveLoop(() -> state(keys), keys, Glyphs.of(out.terminal()));
            } catch (IOException | RuntimeException e) {
                out.terminal().err().println(LiveView.undrawn(e));
                return false;
            }
            draw(watch, opened);
            return true;
        }
    }

    private void draw(RunWatch watch, LiveLoop opened) {
        var looking = new Thread(() -> look(watch), "backhoe-look");
        looking.setDaemon(true);
        looking.start();
        try (opened) {
            opened.runUntil(over::get);
        } finally {
            over.set(true);
            looking.interrupt();
        }
    }

    private int most() {
        return wanted.chunks() ? LISTED : CHUNKS;
    }

    private void look(RunWatch watch) {
        try {
            while (!over.get()) {
                try {
                    var status = watch.status(most());
                    last.set(status);
                    events = watch.log(null, EVENTS).stream()
                            .map(StatusWatch::text)
                            .toList();
                    trouble.set(null);
                    over.compareAndSet(false, !status.run().executed());
                } catch (DatabaseException | BackhoeException e) {
                    trouble.set("not known right now: " + e.getMessage());
                }
                time.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            // The view has been left.
            Thread.currentThread().interrupt();
        }
    }

    private static String text(LogEntry entry) {
        String chunk = entry.chunk();
        return LocalTime.ofInstant(entry.at(), ZoneId.systemDefault()).format(LiveEvents.CLOCK) + "  "
                + (chunk == null ? "" : chunk + "  ") + entry.kind() + "  " + entry.message();
    }

    private LiveState state(LiveKeys keys) {
        var status = last.get();
        String said = keys.said();
        return new LiveState(
                status == null ? null : progress(status),
                events,
                said == null ? trouble.get() : said,
                LiveState.KEYS,
                status == null ? LiveState.Asked.NOTHING : asked(status));
    }

    private LiveState.Asked asked(RunStatus status) {
        List<String> why =
                wanted.why() ? PacePage.why(status).stream().map(String::strip).toList() : List.of();
        if (!wanted.chunks()) {
            return new LiveState.Asked(why, List.of(), 0);
        }
        var chunks = status.report().chunks();
        int focus = 0;
        while (focus < chunks.size() && !status.running().contains(chunks.get(focus))) {
            focus++;
        }
        return new LiveState.Asked(why, page(status).chunks(), focus < chunks.size() ? focus + 1 : 0);
    }

    private @Nullable PaceRecord pace() {
        var status = last.get();
        return status == null ? null : status.now();
    }

    private static Progress progress(RunStatus status) {
        var report = status.report();
        var run = status.run();
        boolean undoing = run.undoing();
        Duration took = Took.of(run, status.readAt());
        return new Progress(
                run.id(),
                run.name(),
                run.table(),
                run.state(),
                (int) report.allChunks(),
                (int)
                        (undoing
                                ? report.count(ChunkState.ROLLED_BACK)
                                : report.count(ChunkState.SUCCESS) + report.count(ChunkState.SKIPPED)),
                (int) report.count(ChunkState.FAILED),
                undoing ? report.changed() : report.estimatedRows(),
                undoing ? report.restored() + report.kept() : report.examined(),
                undoing ? report.restored() : report.changed(),
                report.quarantined(),
                status.running().stream().map(c -> progress(c, undoing)).toList(),
                pace(status),
                null,
                took == null ? Duration.ZERO : took);
    }

    private static ChunkProgress progress(ChunkRecord chunk, boolean undoing) {
        return new ChunkProgress(
                chunk.id(),
                undoing ? chunk.changed() : chunk.estimatedRows(),
                undoing ? chunk.restored() + chunk.kept() : chunk.examined(),
                1);
    }

    private static PaceRecord pace(RunStatus status) {
        PaceRecord now = status.now();
        return now != null
                ? now
                : new PaceRecord(
                        status.readAt(),
                        0,
                        0,
                        Duration.ZERO,
                        null,
                        null,
                        null,
                        null,
                        new Limit("unknown", "not said yet", ""));
    }

    /** What keys do to a run of another process. */
    private final class Elsewhere implements LiveKeys.Actions {
        @Override
        public @Nullable String pause() {
            try {
                target.backhoe().pause(runId, Requester.name());
                return null;
            } catch (BackhoeException | DatabaseException e) {
                return "not paused: " + e.getMessage();
            }
        }

        @Override
        public LiveKeys.Outcome workers(int wished) {
            return Tuner.workers(target, runId, wished);
        }

        @Override
        public void leave() {
            over.set(true);
        }

        @Override
        public @Nullable String leaveQuestion() {
            return null;
        }
    }
}
