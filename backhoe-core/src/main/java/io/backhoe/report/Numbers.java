package io.backhoe.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times, as people read them. */
public final class Numbers {
    private Numbers() {}

    /** {@code 2,183,000}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 0.8 s}, {@code 42 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 3 d 4 h}. */
    public static String time(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 9_950) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** How much of the rows are done; never 100 before the end, as the number of rows is an estimate. */
    public static int percent(long done, long estimated) {
        return estimated <= 0 ? 0 : (int) Math.min(99, done * 100.0 / estimated);
    }

    /** RFC 3339 in UTC, to the millisecond. */
    public static String instant(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** What is left, no finer than it can be known: {@code less than 10 s}, {@code 35 s}, {@code 1 h 20 min}. */
    public static String rounded(Duration left) {
        double seconds = left.toMillis() / 1000.0;
        if (seconds < 10) {
            return "less than 10 s";
        }
        long step = seconds < 60 ? 5 : seconds < 600 ? 10 : seconds < 7200 ? 60 : 600;
        return time(Duration.ofSeconds(Math.round(seconds / step) * step));
    }

    /** {@code 1 row}, {@code 2,000 rows}. */
    static String of(long number, String one) {
        return count(number) + " " + one + (number == 1 ? "" : "s");
    }

    static String millis(long millis) {
        return time(Duration.ofMillis(millis));
    }

    /** {@code 2 s to 7 s}, or {@code about 2 s} where both read the same. */
    public static String between(String low, String high) {
        boolean tiny = low.startsWith("less than");
        if (low.equals(high)) {
            return tiny ? low : "about " + low;
        }
        return tiny ? "up to " + high : low + " to " + high;
    }
}
