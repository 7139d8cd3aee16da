package io.backhoe.assess;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in time values are missing.
 *
 * @param periods in order; one without dates, where rows of all dates are meant
 * @param percent of the table's pages that were read; 100 means that rows were counted, less that the numbers are
 *     estimates made from those pages
 * @param sql the query that counted
 */
public record GapMap(Calendar unit, double percent, List<Period> periods, String sql) {
    /** A stretch {@code [start, end)} of local time, or, without either, all of it. */
    public record Period(
            @Nullable LocalDateTime start, @Nullable LocalDateTime end, long total, long missing) {
        public long filled() {
            return total - missing;
        }
    }

    public GapMap {
        periods = List.copyOf(periods);
    }

    /** {@code 98.0 %}; never 0 or 100 for what is only nearly so. */
    public static String share(long part, long whole) {
        return Amount.percent(part, whole);
    }

    /** Whether it tells one time from another. */
    public boolean dated() {
        return periods.stream().allMatch(p -> p.start() != null);
    }

    public boolean counted() {
        return percent >= 100;
    }

    public long total() {
        return periods.stream().mapToLong(Period::total).sum();
    }

    public long missing() {
        return periods.stream().mapToLong(Period::missing).sum();
    }

    public long filled() {
        return total() - missing();
    }
}
