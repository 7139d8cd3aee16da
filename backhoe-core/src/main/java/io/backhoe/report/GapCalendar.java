package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chunks that are days or months, laid out as a calendar: days by month, months by year; before and after side by side. */
record GapCalendar(List<ChunkRecord> periods, boolean days) {
    private static final int MOST_LINES = 120;
    private static final String MONTHS = "J F M A M J J A S O N D";
    private static final int LABEL = 9;

    /** The names of chunks that are days or months: lengths alone would take an hour a day, or a week a month, for these. */
    private static final Pattern DAY = Pattern.compile("\\d{4,}-\\d{2}-\\d{2}");

    private static final Pattern MONTH = Pattern.compile("\\d{4,}-\\d{2}");

    /** Null where chunks are of another kind, or too many to be looked at. */
    static @Nullable GapCalendar of(List<ChunkRecord> chunks) {
        for (boolean days : new boolean[] {true, false}) {
            var calendar = new GapCalendar(chunks, days);
            if (!chunks.isEmpty() && calendar.fits()) {
                return calendar;
            }
        }
        return null;
    }

    /** Each period is one of the calendar, or what the scope leaves of it, and no two have the same place. */
    private boolean fits() {
        var longest = days ? Duration.ofHours(25) : Duration.ofDays(31).plusHours(1);
        var seen = new HashSet<String>();
        for (ChunkRecord chunk : periods) {
            var start = chunk.shownStart();
            var end = chunk.shownEnd();
            if (start == null
                    || end == null
                    || !(days ? DAY : MONTH).matcher(chunk.id()).matches()
                    || Duration.between(start, end).compareTo(longest) > 0
                    || !seen.add(label(chunk) + " " + place(chunk))) {
                return false;
            }
        }
        return seen.size() > 1 && lines(c -> ' ').size() <= MOST_LINES;
    }

    /** Where only that is known. */
    List<String> before(Function<ChunkRecord, Character> before) {
        var lines = new ArrayList<String>();
        lines.add(" ".repeat(LABEL) + "before");
        if (!days) {
            lines.add(" ".repeat(LABEL) + MONTHS);
        }
        lines(before).forEach((label, cells) -> lines.add(padded(label, LABEL) + new String(cells).stripTrailing()));
        return lines;
    }

    List<String> lines(Function<ChunkRecord, Character> before, Function<ChunkRecord, Character> after) {
        var was = lines(before);
        var is = lines(after);
        var lines = new ArrayList<String>();
        lines.add(" ".repeat(LABEL) + padded("before", days ? 31 : MONTHS.length()) + "  after");
        if (!days) {
            lines.add(" ".repeat(LABEL) + MONTHS + "  " + MONTHS);
        }
        was.forEach((label, cells) -> lines.add(padded(label, LABEL)
                + new String(cells)
                + "  "
                + new String(Objects.requireNonNull(is.get(label))).stripTrailing()));
        return lines;
    }

    private Map<String, char[]> lines(Function<ChunkRecord, Character> sign) {
        var lines = new LinkedHashMap<String, char[]>();
        for (ChunkRecord chunk : periods) {
            lines.computeIfAbsent(label(chunk), l -> {
                        var blank = new char[days ? 31 : MONTHS.length()];
                        Arrays.fill(blank, ' ');
                        return blank;
                    })[place(chunk)] =
                    sign.apply(chunk);
        }
        return lines;
    }

    private String label(ChunkRecord chunk) {
        var start = start(chunk);
        return days
                ? String.format(Locale.ROOT, "%04d-%02d", start.getYear(), start.getMonthValue())
                : String.format(Locale.ROOT, "%04d", start.getYear());
    }

    private int place(ChunkRecord chunk) {
        return days ? start(chunk).getDayOfMonth() - 1 : 2 * (start(chunk).getMonthValue() - 1);
    }

    private static LocalDateTime start(ChunkRecord chunk) {
        return Objects.requireNonNull(chunk.shownStart(), "a period has dates");
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
