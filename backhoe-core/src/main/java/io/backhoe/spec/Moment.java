package io.backhoe.spec;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** A local date, with or without a time of day, as files write it. */
public final class Moment {
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd")
            .optionalStart()
            .appendPattern("['T'][' ']HH:mm")
            .optionalStart()
            .appendPattern(":ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .optionalEnd()
            .optionalEnd()
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final DateTimeFormatter WRITE = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    private Moment() {}

    /**
     * Reads {@code 2023-01-31}, {@code 2023-01-31T06:00}, {@code 2023-01-31 06:00:00.5}; down to the microsecond, which
     * is as fine as the server keeps it.
     *
     * @throws IllegalArgumentException when it is none of these, or no such day exists
     */
    public static LocalDateTime parse(String text) {
        try {
            LocalDateTime moment = LocalDateTime.parse(text, READ);
            if (moment.getYear() >= 1 && moment.getYear() <= 9999) {
                return moment;
            }
        } catch (DateTimeParseException e) {
            if (text.matches("\\d{4}-\\d\\d-\\d\\d.*[0-9](Z|[+-]\\d\\d(:?\\d\\d)?)")) {
                throw new IllegalArgumentException(
                        "'" + text + "' has a time zone; write the local time, and the zone as scope.timezone", e);
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a date or time that exists; write 2023-01-31 or 2023-01-31T06:00:00");
    }

    /** The shortest form that reads back as the same: only the date at midnight. */
    public static String text(LocalDateTime moment) {
        return moment.equals(moment.toLocalDate().atStartOfDay()) ? text(moment.toLocalDate()) : WRITE.format(moment);
    }

    private static String text(LocalDate date) {
        return DateTimeFormatter.ISO_LOCAL_DATE.format(date);
    }
}
