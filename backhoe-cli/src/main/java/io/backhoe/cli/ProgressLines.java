package io.backhoe.cli;

import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.value.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells a run line by line: when chunks have ended, at most a line a second; what fails, at once; and otherwise how far
 * it is, how often batches had to be tried again and what it waits for, every five seconds. The longer it takes, the less
 * often: after an hour, and so after a day, a line a minute. Thread-safe.
 */
final class ProgressLines implements RunListener {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long CHUNKS_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Whoever watches jobs takes one that says nothing for ten minutes for dead. */
    private static final long SELDOM_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** A line each time that it has taken a sixtieth longer. */
    private static final int PART = 60;

    private static final int NAMED = 2;

    private final Consumer<String> lines;
    private final Time time;
    private final List<String> ended = new ArrayList<>();
    private final long begunAt;
    private long lastLine;
    private long lastChunks;
    private long lastReconnect;
    private boolean begun;
    private int retries;
    private String lastRetry = "";
    private int quarantined;

    ProgressLines(Consumer<String> lines, Time time) {
        this.lines = lines;
        this.time = time;
        this.begunAt = time.nanos();
        this.lastLine = begunAt;
        this.lastChunks = begunAt - CHUNKS_EVERY_NANOS;
        this.lastReconnect = lastLine - EVERY_NANOS;
    }

    private boolean isDue(long last, long atLeast) {
        long now = time.nanos();
        long pause = Math.max(atLeast, Math.min(SELDOM_NANOS, (now - begunAt) / PART));
        return now - last >= pause;
    }

    @Override
    public synchronized void event(String kind, String chunk, String message) {
        switch (kind) {
            case "chunk_done" -> ended.add(chunk);
            case "chunk_failed" -> say(chunk + " FAILED: " + message);
            case "retry" -> {
                retries++;
                lastRetry = (chunk.isEmpty() ? "" : chunk + ": ") + message;
            }
            case "quarantined" -> {
                if (quarantined++ < 3) {
                    say(chunk + ": " + message);
                }
            }
            case "reconnect" -> {
                if (time.nanos() - lastReconnect >= EVERY_NANOS) {
                    lastReconnect = time.nanos();
                    say(message);
                }
            }
            case "check" -> check(message);
            case "warning", "webhook_lost", "webhook_back" -> say(message);
            case "throttle" -> {
                // What a single batch does for others is for the ledger.
                if (chunk.isEmpty()) {
                    say(message);
                }
            }
            case "state" -> close();
            default -> {} // splits and the like are for the ledger
        }
    }

    /** What holds is only said where nothing has been said for a while: the end page has all of them. */
    private void check(String message) {
        int holds = message.indexOf(" holds: ");
        if (holds < 0) {
            say("check " + message);
        } else if (isDue(lastLine, EVERY_NANOS)) {
            say("check " + message.substring(0, holds) + " holds");
        }
    }

    @Override
    public synchronized void progress(Progress progress) {
        if (!begun) {
            begun = true;
            say("run " + progress.runId() + "; another terminal can ask for its status, and pause it");
        }
        boolean due = isDue(lastLine, EVERY_NANOS);
        if (due) {
            tellRetries();
        }
        if (!ended.isEmpty() && isDue(lastChunks, CHUNKS_EVERY_NANOS)) {
            lastChunks = time.nanos();
            say(names() + " done  " + text(progress, false));
            ended.clear();
        } else if (due) {
            say(text(progress, true) + waits(progress));
        }
    }

    private static String waits(Progress progress) {
        return progress.held() == null ? "" : "  waits: " + progress.pace().limit();
    }

    /** What ended since the last progress. */
    private void close() {
        tellRetries();
        if (!ended.isEmpty()) {
            say(names() + " done");
            ended.clear();
        }
    }

    private void tellRetries() {
        if (retries > 0) {
            say((retries == 1 ? "" : retries + " batches tried again; the last, ") + lastRetry);
            retries = 0;
        }
    }

    private String names() {
        return ended.size() <= NAMED ? String.join(", ", ended) : Figures.count(ended.size()) + " chunks";
    }

    private void say(String text) {
        lines.accept("  " + text);
        lastLine = time.nanos();
    }

    /** {@code 42 %  7/12 chunks  2,183,000 rows  131,000 rows/s  about 30 s left}. */
    static String text(Progress p, boolean rows) {
        int percent = p.chunksDone() == p.chunks() ? 100 : Figures.percent(p.examined(), p.estimatedRows());
        return percent + " %  "
                + Figures.count(p.chunksDone()) + "/" + Figures.count(p.chunks()) + " chunks"
                + (p.chunksFailed() > 0 ? " (" + p.chunksFailed() + " failed)" : "")
                + (rows ? "  " + Figures.rows(p.examined()) : "")
                + "  " + speed(p)
                + (p.quarantined() > 0 ? "  " + Figures.count(p.quarantined()) + " set aside" : "");
    }

    private static String speed(Progress p) {
        Double rate = p.pace().rowsPerSecond();
        if (rate == null) {
            return "measuring";
        }
        String speed = Figures.count(Math.round(rate)) + " rows/s";
        return p.chunksDone() == p.chunks() ? speed : speed + "  " + Figures.left(p);
    }
}
