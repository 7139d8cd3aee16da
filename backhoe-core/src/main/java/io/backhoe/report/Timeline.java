package io.backhoe.report;

import io.backhoe.ledger.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When processes worked on a run, from its events. A process that ended without a word counts up to its last sign of
 * life, which is at most ten seconds too early.
 *
 * @param stretches in order
 */
record Timeline(List<Stretch> stretches) {
    private static final Pattern MOVE = Pattern.compile("([A-Z_]+) -> ([A-Z_]+)(?s:.*)");
    private static final Set<String> WORKING = Set.of("RUNNING", "VERIFYING", "ROLLING_BACK");

    /** @param undo whether it was spent on taking back */
    record Stretch(Instant from, Instant to, boolean undo) {
        Duration length() {
            return Duration.between(from, to);
        }
    }

    Timeline {
        stretches = List.copyOf(stretches);
    }

    /** @param lastSeen until when the work that has no end yet is known to have gone on; null when that is not known */
    static Timeline of(List<EventRecord> events, @Nullable Instant lastSeen) {
        var stretches = new ArrayList<Stretch>();
        String state = "";
        @Nullable Instant since = null;
        for (EventRecord event : events) {
            String next = stateAfter(event, state);
            boolean lost = event.kind().equals("executor_lost");
            boolean otherWork = next.equals("ROLLING_BACK") != state.equals("ROLLING_BACK");
            if (since != null && (lost || !WORKING.contains(next) || otherWork)) {
                add(stretches, since, event.at(), state);
                since = null;
            }
            if (since == null && !lost && WORKING.contains(next)) {
                since = event.at();
            }
            state = next;
        }
        if (since != null && lastSeen != null) {
            add(stretches, since, lastSeen, state);
        }
        return new Timeline(stretches);
    }

    private static String stateAfter(EventRecord event, String before) {
        var move = MOVE.matcher(event.message());
        return event.kind().equals("state") && move.matches() ? String.valueOf(move.group(2)) : before;
    }

    private static void add(List<Stretch> to, Instant from, Instant until, String state) {
        to.add(new Stretch(from, until.isBefore(from) ? from : until, state.equals("ROLLING_BACK")));
    }

    Duration worked() {
        return sum(false);
    }

    Duration undone() {
        return sum(true);
    }

    private Duration sum(boolean undo) {
        return stretches.stream()
                .filter(s -> s.undo() == undo)
                .map(Stretch::length)
                .reduce(Duration.ZERO, Duration::plus);
    }
}
