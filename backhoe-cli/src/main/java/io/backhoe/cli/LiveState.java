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
 */
record LiveState(
        @Nullable Progress progress,
        List<String> events,
        @Nullable String said,
        String keys) {
    static final String KEYS = "p pause   + one worker more   - one fewer   q leave";

    LiveState {
        events = List.copyOf(events);
    }
}
