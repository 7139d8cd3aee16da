package io.backhoe.cli;

import io.backhoe.run.Progress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the live view shows.
 *
 * @param progress null before the first
 * @param events the last ones, the oldest first, each a line
 * @param said to the person, or asked: in place of the keys; null for the keys
 * @param keys which there are
 * @param asked what is only shown to who asks for it
 */
record LiveState(
        @Nullable Progress progress,
        List<String> events,
        @Nullable String said,
        String keys,
        Asked asked) {
    static final String KEYS = "p pause   + one worker more   - one fewer   q leave";

    /**
     * @param why lines that begin with a label, such as {@code lost}
     * @param chunks a table of them, the first line its head; empty for bars of those that are worked on
     * @param focus which of its lines is to be seen
     */
    record Asked(List<String> why, List<String> chunks, int focus) {
        static final Asked NOTHING = new Asked(List.of(), List.of(), 0);

        Asked {
            why = List.copyOf(why);
            chunks = List.copyOf(chunks);
        }
    }

    LiveState {
        events = List.copyOf(events);
    }

    LiveState(@Nullable Progress progress, List<String> events, @Nullable String said, String keys) {
        this(progress, events, said, keys, Asked.NOTHING);
    }
}
