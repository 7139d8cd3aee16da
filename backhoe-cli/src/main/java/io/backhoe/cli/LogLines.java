package io.backhoe.cli;

import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A line for everything that happens, and one for how far it is every ten seconds, for programs that read logs. Thread-safe. */
final class LogLines implements RunListener {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Consumer<String> lines;
    private final Time time;
    private final LogFormat format;
    private final AtomicLong lastProgress;
    private volatile long runId;

    LogLines(Consumer<String> lines, Time time, LogFormat format) {
        this.lines = lines;
        this.time = time;
        this.format = format;
        this.lastProgress = new AtomicLong(time.nanos());
    }

    @Override
    public void begins(long run) {
        runId = run;
    }

    @Override
    public void event(String kind, String chunk, String message) {
        lines.accept(format.line(time.now(), runId, kind, chunk, message));
    }

    @Override
    public void progress(Progress progress) {
        long now = time.nanos();
        long last = lastProgress.get();
        if (now - last >= EVERY.toNanos() && lastProgress.compareAndSet(last, now)) {
            event("progress", "", ProgressLines.text(progress, true));
        }
    }
}
