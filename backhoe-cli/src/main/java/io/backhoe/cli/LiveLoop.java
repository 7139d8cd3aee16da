package io.backhoe.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Draws what there is to see several times a second, and hands on keys as they are typed. For one thread, and closed by any. */
final class LiveLoop implements AutoCloseable {
    private static final Duration FRAME = Duration.ofMillis(200);

    private final LiveScreen screen;
    private final Supplier<LiveState> state;
    private final IntConsumer keys;
    private final Glyphs glyphs;
    private boolean deaf;

    /** @throws IOException when there is no terminal that can be drawn on */
    LiveLoop(Supplier<LiveState> state, IntConsumer keys, Glyphs glyphs) throws IOException {
        this.screen = LiveScreen.open();
        this.state = state;
        this.keys = keys;
        this.glyphs = glyphs;
    }

    /** Returns when it is over, or the thread is interrupted. */
    void runUntil(BooleanSupplier over) {
        while (!over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            screen.draw(LiveFrame.lines(state.get(), screen.width(), screen.height(), glyphs));
            listen();
        }
    }

    private void listen() {
        int key = deaf ? pause() : screen.key(FRAME);
        switch (key) {
            case KeyStrokes.OVER -> deaf = true;
            case KeyStrokes.NONE, KeyStrokes.OTHER -> {}
            default -> keys.accept(key);
        }
    }

    private static int pause() {
        try {
            new io.backhoe.value.SystemTime().sleep(FRAME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return KeyStrokes.NONE;
    }

    @Override
    public void close() {
        screen.close();
    }
}
