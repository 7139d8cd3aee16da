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
import java.io.UncheckedIOException;
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
    private static final int EVENTS = 8;

    private final Out out;
    private final Target target;
    private final long runId;
    private final Time time = new SystemTime();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<@Nullable RunStatus> last = new AtomicReference<>();
    private volatile List<String> events = List.of();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

    StatusWatch(Out out, Target target, long runId) {
        this.out = out;
        this.target = target;
        this.runId = runId;
    }

    Answer answer() {
        try (var watch = target.backhoe().watch(runId);
                var interrupts = new Interrupts(signal -> over.set(true))) {
            if (out.isScreen()) {
                draw(watch);
            } else {
                lines(watch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (out.json()) {
            return Answer.alreadyWritten();
        }
        var status = target.backhoe().status(runId, RunPage.CHUNKS_SHOWN);
        out.lines(new RunPage(out, status.report(), status.readAt(), target.flags()).status());
        out.lines(PacePage.lines(status, false));
        return Answer.done(StatusVerb.summary(status));
    }

    /** A document or a line for each look. */
    private void lines(RunWatch watch) throws InterruptedException {
        for (boolean goesOn = true; goesOn && !over.get(); ) {
            var status = watch.status(CHUNKS);
            goesOn = status.run().executed();
            if (out.json()) {
                out.document("status", Answer.done(StatusVerb.summary(status)));
            } else if (goesOn) {
                out.line("  " + ProgressLines.text(progress(status), true));
            }
            if (goesOn) {
                time.sleep(LOOK_EVERY.multipliedBy(out.json() ? 1 : 5));
            }
        }
    }

    private void draw(RunWatch watch) {
        last.set(watch.status(CHUNKS));
        var looking = new Thread(() -> look(watch), "backhoe-look");
        looking.setDaemon(true);
        looking.start();
        try (var keys = new LiveKeys(new Elsewhere(), this::workers);
                var loop = new LiveLoop(() -> state(keys), keys, Glyphs.of(out.terminal()))) {
            loop.runUntil(over::get);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            over.set(true);
            looking.interrupt();
        }
    }

    private void look(RunWatch watch) {
        try {
            while (!over.get()) {
                try {
                    var status = watch.status(CHUNKS);
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
                status == null ? null : progress(status), events, said == null ? trouble.get() : said, LiveState.KEYS);
    }

    private int workers() {
        var status = last.get();
        PaceRecord now = status == null ? null : status.now();
        return now == null ? 0 : now.workers();
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
        public @Nullable String workers(int wished) {
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
