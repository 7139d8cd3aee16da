package io.backhoe.cli;

import io.backhoe.ledger.PaceRecord;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.value.Time;
import java.io.IOException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run that this process executes, on the whole terminal, from its first progress to its end; line by line where that
 * terminal cannot be drawn on after all. Thread-safe.
 */
final class LiveView implements RunListener, AutoCloseable {
    private static final int EVENTS = 20;

    private final Terminal terminal;
    private final Glyphs glyphs;
    private final Time time;
    private final LiveKeys keys;
    private final Deque<String> events = new ArrayDeque<>();
    private final AtomicReference<@Nullable Progress> progress = new AtomicReference<>();
    private final RunListener instead;
    private volatile @Nullable LiveLoop loop;
    private volatile boolean undrawn;
    private @Nullable Thread thread;
    private volatile boolean over;
    private boolean closed;

    /** @param instead tells the run where nothing can be drawn */
    LiveView(Terminal terminal, Time time, LiveKeys.Actions actions, RunListener instead) {
        this.terminal = terminal;
        this.instead = instead;
        this.glyphs = Glyphs.of(terminal);
        this.time = time;
        this.keys = new LiveKeys(actions, this::pace, time);
    }

    private @Nullable PaceRecord pace() {
        var now = progress.get();
        return now == null ? null : now.pace();
    }

    /** In place of the keys. */
    void say(String text) {
        keys.say(text);
        if (undrawn) {
            terminal.err().println(text);
        }
    }

    @Override
    public void event(String kind, String chunk, String message) {
        if (undrawn) {
            instead.event(kind, chunk, message);
        }
        String text = LiveEvents.text(kind, chunk, message);
        if (text.isEmpty()) {
            return;
        }
        synchronized (events) {
            if (events.size() == EVENTS) {
                events.removeFirst();
            }
            events.addLast(
                    LocalTime.ofInstant(time.now(), ZoneId.systemDefault()).format(LiveEvents.CLOCK) + "  " + text);
        }
    }

    @Override
    public void progress(Progress now) {
        progress.set(now);
        open();
        if (undrawn) {
            instead.progress(now);
        }
    }

    private synchronized void open() {
        if (loop != null || closed) {
            return;
        }
        try {
            var opened = new LiveLoop(this::state, keys, glyphs);
            var drawing = new Thread(() -> draw(opened), "backhoe-view");
            drawing.setDaemon(true);
            drawing.start();
            loop = opened;
            thread = drawing;
        } catch (IOException | RuntimeException e) {
            closed = true;
            undrawn = true;
            terminal.err().println(undrawn(e));
        }
    }

    static String undrawn(Exception e) {
        return "this terminal cannot be drawn on, it goes on line by line: " + e.getMessage();
    }

    /** Gives the terminal back at once, for who ends the process. */
    void abandon() {
        LiveLoop open = loop;
        if (open != null) {
            over = true;
            open.close();
        }
    }

    /** A picture that cannot be drawn must not stop a run, nor keep the terminal. */
    private void draw(LiveLoop opened) {
        try {
            opened.runUntil(() -> over);
        } catch (RuntimeException e) {
            opened.close();
            undrawn = true;
            terminal.err().println("the live view has failed, the run goes on line by line: " + e);
        }
    }

    private LiveState state() {
        List<String> last;
        synchronized (events) {
            last = List.copyOf(events);
        }
        return new LiveState(progress.get(), last, keys.said(), LiveState.KEYS);
    }

    /** Gives the terminal back as it was. */
    @Override
    public synchronized void close() {
        closed = true;
        LiveLoop open = loop;
        Thread drawing = thread;
        if (open != null && drawing != null) {
            over = true;
            try {
                drawing.join(2000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            open.close();
            loop = null;
        }
        keys.close();
    }
}
