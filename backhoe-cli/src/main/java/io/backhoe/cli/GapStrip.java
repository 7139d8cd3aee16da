package io.backhoe.cli;

import io.backhoe.assess.Calendar;
import io.backhoe.assess.GapMap;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A calendar with a sign for each period: how much of it is missing. Of a map that has dates. */
record GapStrip(GapMap gaps) {
    private static final String LEGEND = "  # all missing, 9 to 1 tenths missing, . nothing missing, _ no rows";

    List<String> lines() {
        Map<String, List<GapMap.Period>> rows = new LinkedHashMap<>();
        gaps.periods()
                .forEach(p -> rows.computeIfAbsent(label(start(p)), l -> new ArrayList<>())
                        .add(p));
        var lines = new ArrayList<String>();
        if (gaps.unit() == Calendar.MONTH) {
            lines.add("           J F M A M J J A S O N D");
        }
        String gap = gaps.unit() == Calendar.MONTH || gaps.unit() == Calendar.QUARTER ? " " : "";
        int width = width() * (1 + gap.length());
        rows.forEach((label, periods) -> {
            var cells = new StringBuilder((" " + gap).repeat(offset(start(periods.get(0)))));
            periods.forEach(p -> cells.append(sign(p)).append(gap));
            long total = periods.stream().mapToLong(GapMap.Period::total).sum();
            long missing = periods.stream().mapToLong(GapMap.Period::missing).sum();
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-8s %-" + width + "s %s",
                    label,
                    cells,
                    total == 0 ? "no rows" : GapMap.share(missing, total) + " missing" + of(total)));
        });
        lines.add(LEGEND);
        return lines;
    }

    private String of(long rows) {
        Long bytes = gaps.bytes(rows);
        return bytes == null ? "" : " of " + Figures.rows(rows) + ", " + Figures.bytes(bytes);
    }

    static char sign(GapMap.Period period) {
        if (period.total() == 0) {
            return '_';
        } else if (period.missing() == 0) {
            return '.';
        } else if (period.missing() == period.total()) {
            return '#';
        }
        long tenths = Math.round(10.0 * period.missing() / period.total());
        return (char) ('0' + Math.min(9, Math.max(1, tenths)));
    }

    private static LocalDateTime start(GapMap.Period period) {
        return Objects.requireNonNull(period.start(), "a period without dates");
    }

    private String label(LocalDateTime start) {
        return switch (gaps.unit()) {
            case DAY -> String.format(Locale.ROOT, "%04d-%02d", start.getYear(), start.getMonthValue());
            case WEEK, MONTH, QUARTER -> String.format(Locale.ROOT, "%04d", start.getYear());
            case YEAR -> String.format(Locale.ROOT, "%04ds", start.getYear() / 10 * 10);
        };
    }

    private int offset(LocalDateTime start) {
        return switch (gaps.unit()) {
            case DAY -> start.getDayOfMonth() - 1;
            // Each Monday begins a cell, and 1 January the first, so that all years stand below each other.
            case WEEK ->
                (start.getDayOfYear() + start.withDayOfYear(1).getDayOfWeek().getValue() - 2) / 7;
            case MONTH -> start.getMonthValue() - 1;
            case QUARTER -> (start.getMonthValue() - 1) / 3;
            case YEAR -> start.getYear() % 10;
        };
    }

    private int width() {
        return switch (gaps.unit()) {
            case DAY -> 31;
            case WEEK -> 54;
            case MONTH -> 12;
            case QUARTER -> 4;
            case YEAR -> 10;
        };
    }
}
