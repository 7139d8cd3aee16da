package io.backhoe.assess;

import io.backhoe.database.StorageFacts;
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
 * @param rowBytes what a row takes of the table, on average, with what its pages have free; null where nobody can tell, or
 *     where the rows are not of the table
 */
public record GapMap(
        Calendar unit,
        double percent,
        List<Period> periods,
        String sql,
        @Nullable Double rowBytes) {
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

    public GapMap(Calendar unit, double percent, List<Period> periods, String sql) {
        this(unit, percent, periods, sql, null);
    }

    /** The same, with how large rows are: so large a table, by so many rows as there are or as there are known to be. */
    GapMap in(StorageFacts storage) {
        long rows = Math.max(storage.estimatedRows(), total());
        return new GapMap(unit, percent, periods, sql, rows < 1 ? null : (double) storage.heapBytes() / rows);
    }

    /** What so many rows take of the table, about, without indexes and what is stored out of line; null when not known. */
    public @Nullable Long bytes(long rows) {
        return rowBytes == null ? null : Math.round(rows * rowBytes);
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
