package io.backhoe.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The whole of a terminal, for as long as it is open: lines are drawn, keys are read as they are typed. What was on the
 * terminal before is there again afterwards. Confined to one thread, except {@link #close()}.
 */
final class LiveScreen implements AutoCloseable {
    private final org.jline.terminal.Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final @Nullable SignalHandler former;
    private final KeyStrokes strokes = new KeyStrokes(this::read);
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean resized = true;

    private LiveScreen(org.jline.terminal.Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        // Ctrl-C stays a signal: whoever executes the run listens to it.
        var raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, true);
        terminal.setAttributes(raw);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        this.display = new Display(terminal, true);
        this.former = onResize(signal -> resized = true);
    }

    /** By hand, because the terminal would take Ctrl-C along. */
    private static @Nullable SignalHandler onResize(SignalHandler handler) {
        try {
            return Signal.handle(new Signal("WINCH"), handler);
        } catch (IllegalArgumentException e) {
            // Not on this platform: the picture keeps the size that it began with.
            return null;
        }
    }

    /**
     * By the library that the terminal's own comes with, and by stty(1) where that may not be loaded.
     *
     * @throws IOException when this process has no terminal that can be drawn on
     */
    static LiveScreen open() throws IOException {
        return new LiveScreen(TerminalBuilder.builder()
                .system(true)
                .dumb(false)
                .jni(true)
                .exec(true)
                .jna(false)
                .ffm(false)
                .nativeSignals(false)
                .build());
    }

    int width() {
        return Math.max(1, size().getColumns());
    }

    int height() {
        return Math.max(1, size().getRows());
    }

    private Size size() {
        if (resized) {
            resized = false;
            Size now = terminal.getSize();
            display.clear();
            display.resize(now.getRows(), now.getColumns());
            size.copy(now);
        }
        return size;
    }

    private final Size size = new Size(80, 24);

    void draw(List<String> lines) {
        // The display takes lines away from the list that it is given.
        display.update(
                lines.stream().map(AttributedString::fromAnsi).collect(Collectors.toCollection(ArrayList::new)), 0);
        terminal.flush();
    }

    /** The next key, as {@link KeyStrokes#next} has it. */
    int key(Duration within) {
        return strokes.next(within);
    }

    private int read(Duration within) {
        try {
            return terminal.reader().read(Math.max(1, within.toMillis()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (former != null) {
            onResize(former);
        }
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.flush();
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
