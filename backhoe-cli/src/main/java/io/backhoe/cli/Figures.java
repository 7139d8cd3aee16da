package io.backhoe.cli;

import io.backhoe.ledger.TimeLeft;
import io.backhoe.report.Numbers;
import io.backhoe.run.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times, as people read them. */
final class Figures {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

    private Figures() {}

    /** {@code 2,183,000}. */
    static String count(long number) {
        return Numbers.count(number);
    }

    /** {@code 1 row}, {@code 2,000 rows}. */
    static String rows(long number) {
        return count(number) + (number == 1 ? " row" : " rows");
    }

    /** {@code 512 bytes}, {@code 8.2 kB}, {@code 410 MB}, {@code 1.3 TB}; a thousand of one is one of the next. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + (bytes == 1 ? " byte" : " bytes");
        }
        double number = bytes / 1000.0;
        int unit = 0;
        for (; number >= 999.5 && unit < 4; unit++) {
            number /= 1000;
        }
        return String.format(Locale.ROOT, number < 9.95 ? "%.1f %s" : "%.0f %s", number, UNITS[unit]);
    }

    /** {@code 0.8 s}, {@code 42 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 3 d 4 h}. */
    static String time(Duration duration) {
        return Numbers.time(duration);
    }

    /** What is left of a run, no finer than it can be known: {@code 20 s to 35 s left}. */
    static String left(TimeLeft left) {
        return Numbers.between(Numbers.rounded(left.low()), Numbers.rounded(left.high())) + " left";
    }

    static String left(Progress progress) {
        TimeLeft left = progress.pace().left();
        if (left != null) {
            return left(left);
        }
        return progress.examined() >= progress.estimatedRows() ? "more rows than estimated" : "measuring what is left";
    }

    /** How much of the rows are done; never 100 before the end, as the number of rows is an estimate. */
    static int percent(long done, long estimated) {
        return Numbers.percent(done, estimated);
    }

    /** Rows a second over a stretch of time; 0 when the stretch is too short to tell. */
    static long rate(long rows, Duration duration) {
        return duration.toMillis() < 1 ? 0 : Math.round(rows * 1000.0 / duration.toMillis());
    }

    /** A range as a pair of texts: dates when both ends are midnight, else with the time of day; null when there is none. */
    static @Nullable List<String> range(@Nullable LocalDateTime start, @Nullable LocalDateTime end) {
        if (start == null || end == null) {
            return null;
        }
        boolean dates = start.toLocalTime().equals(LocalTime.MIDNIGHT)
                && end.toLocalTime().equals(LocalTime.MIDNIGHT);
        return dates
                ? List.of(start.toLocalDate().toString(), end.toLocalDate().toString())
                : List.of(start.toString(), end.toString());
    }

    /** RFC 3339 in UTC, to the millisecond. */
    static String instant(Instant instant) {
        return Numbers.instant(instant);
    }
}
