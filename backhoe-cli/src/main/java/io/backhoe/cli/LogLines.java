package io.backhoe.cli;

import io.backhoe.RunWatch;
import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.LogEntry;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of a run that this process executes, for programs that read logs: line by line what {@code backhoe logs} has of it,
 * as the ledger gets to know it. Besides, how far it is every ten seconds, and what only this process knows: that a
 * connection was lost, and what is said before there is a run. Thread-safe.
 */
final class LogLines implements RunListener, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** For a server that does not answer nobody waits, neither before there is work nor after it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Set<String> OWN = Set.of("reconnect", "split", "stop", "backup", "warning", "request");

    private final Consumer<LogEntry> lines;
    private final Time time;
    private final LongFunction<RunWatch> watching;
    private final Away away;
    /** Which the ledger tells again. */
    private final Set<String> saidBefore = new HashSet<>();

    private volatile @Nullable RunWatch watch;
    private @Nullable LogFollower follower;
    private @Nullable Thread looking;
    private final AtomicLong lastProgress;
    private volatile long runId;
    private volatile boolean over;

    /** @param watching opens what the run of a number is looked at by */
    LogLines(Consumer<String> lines, LogFormat format, LongFunction<RunWatch> watching, Away away, Time time) {
        this.lines = entry -> lines.accept(format.line(runId, entry));
        this.time = time;
        this.watching = watching;
        this.away = away;
        this.lastProgress = new AtomicLong(time.nanos());
    }

    @Override
    public void begins(long run) {
        runId = run;
        var opened = new CountDownLatch(1);
        var thread = new Thread(() -> follow(opened), "backhoe-log");
        thread.setDaemon(true);
        thread.start();
        looking = thread;
        try {
            // What happens from now on is to be told.
            opened.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing yet: of a run that goes on, what was before is not told again. */
    private List<LogEntry> opened() {
        RunWatch open = watch;
        var opened = open == null ? watching.apply(runId) : open;
        watch = opened;
        var following = new LogFollower(opened);
        if (opened.status(0).run().startedAt() != null) {
            following.skip();
        }
        follower = following;
        return List.of();
    }

    private List<LogEntry> more() {
        var following = follower;
        return following == null ? opened() : following.more();
    }

    private List<LogEntry> rest() {
        var following = follower;
        return following == null ? List.of() : following.rest();
    }

    private void follow(CountDownLatch opened) {
        look(this::opened);
        opened.countDown();
        try {
            while (!over) {
                time.sleep(LOOK_EVERY);
                look(this::more);
            }
        } catch (InterruptedException e) {
            // It is over: who ended it has the last look.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look(Supplier<List<LogEntry>> question) {
        List<LogEntry> found;
        try {
            found = away.ask(question);
        } catch (DatabaseException | BackhoeException e) {
            // The run is not to blame, and goes on.
            over = true;
            say("warning", "", "what the ledger tells of the run cannot be read: " + e.getMessage());
            return;
        }
        if (found != null) {
            found.stream()
                    .filter(e -> !e.kind().equals("check") || !saidBefore.remove(e.message()))
                    .forEach(lines);
        }
    }

    @Override
    public void event(String kind, String chunk, String message) {
        if (runId == 0) {
            saidBefore.add(message);
        }
        // That a single batch let somebody pass is in no ledger.
        boolean own = OWN.contains(kind) || (kind.equals("throttle") && !chunk.isEmpty());
        if (runId == 0 || own) {
            say(kind, chunk, message);
        }
    }

    private void say(String kind, String chunk, String message) {
        lines.accept(new LogEntry("", time.now(), kind, chunk, message, null, null, null, null, null));
    }

    @Override
    public void progress(Progress progress) {
        long now = time.nanos();
        long last = lastProgress.get();
        // Not while it is looked for more: who tells of progress waits for nobody.
        if (now - last >= EVERY.toNanos() && lastProgress.compareAndSet(last, now)) {
            say("progress", "", ProgressLines.text(progress, true));
        }
    }

    @Override
    public void close() {
        over = true;
        Thread thread = looking;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        RunWatch open = watch;
        if (open == null) {
            return;
        }
        if (thread != null && thread.isAlive()) {
            open.abandon();
        } else {
            look(this::rest);
            open.close();
        }
    }
}
