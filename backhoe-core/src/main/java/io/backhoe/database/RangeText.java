package io.backhoe.database;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;

/** A range of local time in the server's text form for a column's type. */
public final class RangeText {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    private RangeText() {}

    /**
     * Writes {@code [start, end)} as {@code 2023-01-01} for a date, {@code 2023-01-01 00:00:00} for a timestamp, and for
     * a timestamptz the instant of the local time, in UTC: {@code 2022-12-31 23:00:00+00}.
     *
     * @throws BackhoeException for a time of day on a date column, and for a column that is neither
     */
    public static ChunkRange of(LocalDateTime start, LocalDateTime end, ColumnFacts column, ZoneId zone) {
        return new ChunkRange(text(start, column, zone), text(end, column, zone));
    }

    /** One end of it. */
    public static String text(LocalDateTime moment, ColumnFacts column, ZoneId zone) {
        return switch (column.kind()) {
            case DATE -> date(moment, column);
            case TIMESTAMP -> TIMESTAMP.format(moment);
            case TIMESTAMPTZ ->
                utc(instant(moment, zone).atOffset(ZoneOffset.UTC).toLocalDateTime());
            case OTHER ->
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "not_a_date_column",
                        "column " + column.name() + " is " + column.type()
                                + "; chunks of the calendar need a date or a timestamp",
                        "name another column as scope.date_column");
        };
    }

    /** The years 1 and 9999 of a zone may reach into others of UTC, which the server writes otherwise than Java. */
    private static String utc(LocalDateTime moment) {
        if (moment.getYear() < 1) {
            return TIMESTAMP.format(moment.withYear(1 - moment.getYear())) + "+00 BC";
        }
        String text = TIMESTAMP.format(moment);
        return (text.startsWith("+") ? text.substring(1) : text) + "+00";
    }

    private static String date(LocalDateTime moment, ColumnFacts column) {
        if (!moment.equals(moment.toLocalDate().atStartOfDay())) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "range_needs_dates",
                    "column " + column.name() + " is a date, and " + TIMESTAMP.format(moment) + " has a time of day",
                    "give whole days in scope.date_range and in the chunks");
        }
        return DateTimeFormatter.ISO_LOCAL_DATE.format(moment);
    }

    /**
     * When a local time is reached in a zone. A time that the clock skips is the instant of the skip, and of a time that
     * comes twice it is the first: so later local times are never earlier instants, and ranges that tile in local time
     * tile in instants.
     */
    static Instant instant(LocalDateTime moment, ZoneId zone) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(moment);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : moment.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
    }
}
