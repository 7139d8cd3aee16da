package io.backhoe.cli;

import java.time.Duration;
import org.jline.utils.NonBlockingReader;

/**
 * Keys as a person types them. An arrow, a function key or a key with Alt sends several characters, the first of which is
 * ESC: together they are one stroke, which means nothing here, and none of them is taken for a command.
 */
final class KeyStrokes {
    /** Reads a character. */
    interface Source {
        /** @return the character, {@link #NONE} when none comes in time, or {@link #OVER} */
        int read(Duration within);
    }

    /** No key was typed in time. */
    static final int NONE = NonBlockingReader.READ_EXPIRED;

    /** There will be no more. */
    static final int OVER = NonBlockingReader.EOF;

    /** A stroke that is no character. */
    static final int OTHER = -3;

    static final int ESCAPE = 27;

    /** What a terminal sends for one key comes at once, also over a slow line; a person is slower. */
    private static final Duration REST = Duration.ofMillis(50);

    private static final int LONGEST = 32;

    private final Source source;

    KeyStrokes(Source source) {
        this.source = source;
    }

    /** @return a character, {@link #NONE}, {@link #OVER} or {@link #OTHER} */
    int next(Duration within) {
        int first = source.read(within);
        return first == ESCAPE ? afterEscape() : first;
    }

    private int afterEscape() {
        int second = source.read(REST);
        switch (second) {
            case NONE, OVER -> {
                return ESCAPE;
            }
            case ESCAPE -> {
                return afterEscape();
            }
            case '[' -> toTheEnd(true);
            case 'O' -> toTheEnd(false);
            default -> {}
        }
        return OTHER;
    }

    /** ECMA-48, 5.4: parameters, then a byte from 64 on; the console of Linux has {@code [} and a letter for F1 to F5. */
    private void toTheEnd(boolean control) {
        int next = source.read(REST);
        if (control && next == '[') {
            source.read(REST);
            return;
        }
        for (int i = 0; i < LONGEST && next >= ' ' && next < '@'; i++) {
            next = source.read(REST);
        }
    }
}
