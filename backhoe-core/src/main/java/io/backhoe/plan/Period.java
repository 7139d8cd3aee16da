package io.backhoe.plan;

import io.backhoe.spec.ChunkBy;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/**
 * An hour, day, ISO week (from Monday), month, quarter or year of the calendar: {@code [start, end)} in local time.
 *
 * @param id {@code 2023-01-05T13}, {@code 2023-01-05}, {@code 2023-W05} (the week's own year), {@code 2023-01}, {@code
 *     2023-Q1}, {@code 2023}
 */
record Period(String id, LocalDateTime start, LocalDateTime end) {

    /** The period that a moment lies in. */
    static Period of(ChunkBy unit, LocalDateTime moment) {
        LocalDate day = moment.toLocalDate();
        return switch (unit) {
            case HOUR -> {
                LocalDateTime hour = moment.truncatedTo(ChronoUnit.HOURS);
                String id = String.format(
                        Locale.ROOT, "%sT%02d", DateTimeFormatter.ISO_LOCAL_DATE.format(day), hour.getHour());
                yield new Period(id, hour, hour.plusHours(1));
            }
            case DAY ->
                new Period(DateTimeFormatter.ISO_LOCAL_DATE.format(day), day.atStartOfDay(), at(day.plusDays(1)));
            case WEEK -> {
                LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                String id = String.format(
                        Locale.ROOT,
                        "%04d-W%02d",
                        day.get(IsoFields.WEEK_BASED_YEAR),
                        day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
                yield new Period(id, at(monday), at(monday.plusWeeks(1)));
            }
            case MONTH -> {
                LocalDate first = day.withDayOfMonth(1);
                String id = String.format(Locale.ROOT, "%04d-%02d", first.getYear(), first.getMonthValue());
                yield new Period(id, at(first), at(first.plusMonths(1)));
            }
            case QUARTER -> {
                LocalDate first = day.with(IsoFields.DAY_OF_QUARTER, 1);
                String id =
                        String.format(Locale.ROOT, "%04d-Q%d", first.getYear(), first.get(IsoFields.QUARTER_OF_YEAR));
                yield new Period(id, at(first), at(first.plusMonths(3)));
            }
            case YEAR -> {
                LocalDate first = day.withDayOfYear(1);
                yield new Period(
                        String.format(Locale.ROOT, "%04d", first.getYear()), at(first), at(first.plusYears(1)));
            }
            case KEY, PARTITION, AUTO -> throw new IllegalArgumentException(unit + " is no unit of the calendar");
        };
    }

    private static LocalDateTime at(LocalDate day) {
        return day.atStartOfDay();
    }
}
