package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.value.ChunkState;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A chunk in words. */
final class ChunkText {
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);
    private static final int LONGEST_KEY = 24;

    private ChunkText() {}

    static String sign(ChunkState state) {
        return switch (state) {
            case SUCCESS -> "✓";
            case RUNNING -> "▶";
            case PENDING -> "○";
            case FAILED -> "✗";
            case SKIPPED -> "–";
            case ROLLED_BACK -> "↩";
        };
    }

    static String word(ChunkState state) {
        return switch (state) {
            case SUCCESS -> "done";
            case RUNNING -> "running";
            case PENDING -> "waiting";
            case FAILED -> "failed";
            case SKIPPED -> "skipped";
            case ROLLED_BACK -> "rolled back";
        };
    }

    /** {@code ✓ done}, with what has to be known besides. */
    static String status(ChunkRecord chunk) {
        var more = new ArrayList<String>();
        if (chunk.state() == ChunkState.SKIPPED && chunk.reason() != null) {
            more.add(chunk.reason());
        }
        if (chunk.attempts() > 1) {
            more.add("started " + chunk.attempts() + " times");
        }
        if (chunk.quarantined() > 0) {
            more.add(Numbers.of(chunk.quarantined(), "row") + " set aside");
        }
        if (chunk.kept() > 0) {
            more.add(Numbers.of(chunk.kept(), "row") + " kept");
        }
        return sign(chunk.state()) + " " + word(chunk.state())
                + (more.isEmpty() ? "" : " (" + String.join(", ", more) + ")");
    }

    /** {@code Jan 2023}; {@code 2023-01-01}, a day; else from the first moment to the one that no longer belongs to it. */
    static String range(ChunkRecord chunk) {
        var parts = new ArrayList<String>();
        if (chunk.shownStart() != null && chunk.shownEnd() != null) {
            parts.add(dates(chunk.shownStart(), chunk.shownEnd()));
        }
        var extent = chunk.extent();
        if (extent.partition() != null) {
            parts.add("partition " + extent.partition());
        }
        if (!extent.keys().equals(KeyRange.ALL)) {
            parts.add(keys(extent.keys()));
        }
        return parts.isEmpty() ? "all" : String.join(", ", parts);
    }

    private static String dates(LocalDateTime start, LocalDateTime end) {
        boolean days = midnight(start) && midnight(end);
        if (days && start.getDayOfMonth() == 1 && start.plusMonths(1).equals(end)) {
            return MONTH.format(start);
        }
        if (days && start.plusDays(1).equals(end)) {
            return start.toLocalDate().toString();
        }
        return days ? start.toLocalDate() + " to " + end.toLocalDate() : start + " to " + end;
    }

    private static boolean midnight(LocalDateTime moment) {
        return moment.toLocalTime().equals(LocalTime.MIDNIGHT);
    }

    private static String keys(KeyRange keys) {
        var parts = new ArrayList<String>();
        if (keys.after() != null) {
            parts.add("after " + key(keys.after()));
        }
        if (keys.upTo() != null) {
            parts.add("up to " + key(keys.upTo()));
        }
        return String.join(" ", parts);
    }

    private static String key(Key key) {
        return clipped(String.join("/", key.values()), LONGEST_KEY);
    }

    static String duration(ChunkRecord chunk, Instant now, boolean going) {
        @Nullable Instant start = chunk.startedAt();
        @Nullable
        Instant end = chunk.endedAt() == null && going && chunk.state() == ChunkState.RUNNING ? now : chunk.endedAt();
        return start == null || end == null || end.isBefore(start) ? "-" : Numbers.time(Duration.between(start, end));
    }

    static List<String> cells(ChunkRecord chunk, RunAccount account) {
        long rows = account.run().undoing() ? chunk.restored() : chunk.changed();
        return List.of(
                clipped(chunk.id(), 80),
                range(chunk),
                Numbers.count(rows),
                status(chunk),
                duration(chunk, account.readAt(), account.going()));
    }

    /** Not longer than so many characters. */
    static String clipped(String text, int longest) {
        return text.codePointCount(0, text.length()) <= longest
                ? text
                : text.substring(0, text.offsetByCodePoints(0, longest - 1)) + "…";
    }
}
