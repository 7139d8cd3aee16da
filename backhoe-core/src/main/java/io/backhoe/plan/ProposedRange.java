package io.backhoe.plan;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Recommendation.LeftOut;
import io.backhoe.value.SqlName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The dates that there are, without those that stand in for a date that nobody knew: one such row would make a range of
 * thousands of periods without any rows.
 */
final class ProposedRange {
    /** As many different ones at either end are looked through. */
    private static final int MOST = 8;

    /** A row this far from the next is none of the table's history, whatever its date, and no shorter gap matters. */
    private static final long LONG_GAP = 3_652;

    /** Between a date that many programs use as a stand-in, and the first real one. */
    private static final long SHORT_GAP = 366;

    /** Where the calendars of some programs begin or end. */
    private static final List<LocalDate> ZEROS = List.of(
            LocalDate.of(1582, 10, 15),
            LocalDate.of(1753, 1, 1),
            LocalDate.of(1899, 12, 31),
            LocalDate.of(1904, 1, 1),
            LocalDate.of(1970, 1, 1),
            LocalDate.of(1980, 1, 1),
            LocalDate.of(2038, 1, 19),
            LocalDate.of(2079, 6, 6),
            LocalDate.of(2099, 12, 31));

    /** {@code to} is the first that does not belong to it. */
    record Days(LocalDate from, LocalDate to) {}

    private final Session session;
    private final String table;
    private final String column;
    private final List<LeftOut> early = new ArrayList<>();
    private final List<LeftOut> late = new ArrayList<>();

    ProposedRange(Session session, TableFacts table, ColumnFacts dates) {
        this.session = session;
        this.table = SqlName.quote(table.name());
        this.column = SqlName.quote(dates.name());
    }

    /** What {@link #find} has set aside, the earliest first. */
    List<LeftOut> leftOut() {
        return Stream.concat(early.stream(), late.stream()).toList();
    }

    /**
     * @param from whether the start is wanted, else only what lies at the end is set aside
     * @param to whether the end is wanted
     * @return null where no row has a date
     */
    @Nullable
    Days find(boolean from, boolean to) {
        Row ends = ask(
                "SELECT " + number("min") + ", " + number("max") + " FROM " + table + " WHERE isfinite(" + column + ")",
                0);
        if (ends.text(0) == null) {
            return null;
        }
        long first = from ? inwards(ends.number(0), ends.number(1), 1) : ends.number(0);
        long last = to ? inwards(ends.number(1), first, -1) : ends.number(1);
        endless(from, to);
        return new Days(LocalDate.ofEpochDay(first), LocalDate.ofEpochDay(last + 1));
    }

    /** From one end to the first day that is not alone out there. */
    private long inwards(long end, long otherEnd, int step) {
        long day = end;
        for (int i = 0; i < MOST && day != otherEnd; i++) {
            boolean known = standsIn(LocalDate.ofEpochDay(day));
            if (!known && Math.abs(otherEnd - day) <= LONG_GAP) {
                return day;
            }
            OptionalLong next = step > 0
                    ? day("min", column + " >= " + day(1) + " AND isfinite(" + column + ")", day)
                    : day("max", column + " < " + day(0) + " AND isfinite(" + column + ")", day);
            if (next.isEmpty() || Math.abs(next.getAsLong() - day) <= (known ? SHORT_GAP : LONG_GAP)) {
                return day;
            }
            // Two rows far from each other show no history that one of them would be no part of.
            if (!known && next.getAsLong() == otherEnd) {
                return day;
            }
            var rows = found(
                    LocalDate.ofEpochDay(day).toString(),
                    column + " >= " + day(0) + " AND " + column + " < " + day(1),
                    day);
            rows.ifPresent(step > 0 ? early::add : out -> late.add(0, out));
            day = next.getAsLong();
        }
        return day;
    }

    /** Zero of some program's calendar, or its last day; a time zone may have moved it by one. */
    private static boolean standsIn(LocalDate day) {
        return day.getYear() <= 1
                || day.getYear() >= 2999
                || ZEROS.stream().anyMatch(zero -> Math.abs(zero.toEpochDay() - day.toEpochDay()) <= 1);
    }

    private void endless(boolean from, boolean to) {
        if (from) {
            found("-infinity", column + " = '-infinity'", 0).ifPresent(rows -> early.add(0, rows));
        }
        if (to) {
            found("infinity", column + " = 'infinity'", 0).ifPresent(late::add);
        }
    }

    private Optional<LeftOut> found(String date, String condition, long day) {
        long rows = ask(
                        "SELECT count(*) FROM (SELECT FROM " + table + " WHERE " + condition + " LIMIT "
                                + LeftOut.MOST_COUNTED + ") AS few",
                        day)
                .number(0);
        return rows == 0 ? Optional.empty() : Optional.of(new LeftOut(date, rows));
    }

    /** A day as a number, since the server writes those of other millennia otherwise than Java. */
    private String number(String which) {
        return "CAST(" + which + "(" + column + ") AS date) - date '1970-01-01'";
    }

    private OptionalLong day(String which, String condition, long day) {
        Row found = ask("SELECT " + number(which) + " FROM " + table + " WHERE " + condition, day);
        return found.text(0) == null ? OptionalLong.empty() : OptionalLong.of(found.number(0));
    }

    private Row ask(String sql, long day) {
        return session.query(sql, sql.contains(":day") ? Map.of("day", Long.toString(day)) : Map.of())
                .get(0);
    }

    private static String day(int later) {
        return "date '1970-01-01' + CAST(:day AS integer)" + (later == 0 ? "" : " + " + later);
    }
}
