package io.backhoe.assess;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Numbers and lists as they stand in a sentence. */
final class Amount {
    private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB", "PB");

    private Amount() {}

    /** {@code 1 row}, {@code 2,000 rows}. */
    static String of(long number, String one) {
        return count(number) + " " + one + (number == 1 ? "" : "s");
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 512 bytes}, {@code 1.5 MB}; of 1,024, as the server counts. */
    static String bytes(double bytes) {
        int unit = 0;
        double amount = bytes;
        while (amount >= 1024 && unit < UNITS.size() - 1) {
            amount /= 1024;
            unit++;
        }
        String format = unit > 0 && amount < 9.95 ? "%.1f %s" : "%,.0f %s";
        return String.format(Locale.ROOT, format, amount, UNITS.get(unit));
    }

    static String bytes(long bytes) {
        return bytes((double) bytes);
    }

    /** {@code 98.0 %}; never 0 or 100 for what is only nearly so. */
    static String percent(long part, long whole) {
        double percent = whole == 0 ? 0 : part * 100.0 / whole;
        double shown = part == 0 || part == whole ? percent : Math.min(99.9, Math.max(0.1, percent));
        return String.format(Locale.ROOT, "%.1f %%", shown);
    }

    /** {@code 42 s}, {@code 17 min}, {@code 3 h}, {@code 5 days}. */
    static String time(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        } else if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }

    /** {@code 15 s}, {@code 0.25 s}. */
    static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }

    /** {@code a, b and 3 more}. */
    static String list(List<String> names) {
        int shown = 5;
        return names.size() <= shown
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, shown)) + " and " + (names.size() - shown) + " more";
    }
}
