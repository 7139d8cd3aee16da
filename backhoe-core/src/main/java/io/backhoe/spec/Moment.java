package io.backhoe.spec;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;

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

    /** As {@link #text} writes it, down to the second. */
    private static final Pattern WRITTEN = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2})?");

    private Moment() {}

    /**
     * Reads {@code 2023-01-31}, {@code 2023-01-31T06:00}, {@code 2023-01-31 06:00:00.5}; down to the microsecond, which
     * is as fine as the server keeps it.
     *
     * @throws IllegalArgumentException when it is none of these, or no such day exists
     */
    public static LocalDateTime parse(String text) {
        try {
            LocalDateTime moment = WRITTEN.matcher(text).matches() ? written(text) : LocalDateTime.parse(text, READ);
            if (moment.getYear() >= 1 && moment.getYear() <= 9999) {
                return moment;
            }
        } catch (DateTimeException e) {
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
        if (moment.getNano() != 0 || moment.getYear() < 0 || moment.getYear() > 9999) {
            return WRITE.format(moment);
        }
        // By hand: a plan may hold a few hundred thousand of them.
        String date = moment.toLocalDate().toString();
        return moment.toLocalTime().equals(LocalTime.MIDNIGHT)
                ? date
                : date + "T" + two(moment.getHour()) + ":" + two(moment.getMinute()) + ":" + two(moment.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** @throws DateTimeException when no such day or time exists */
    private static LocalDateTime written(String text) {
        var date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        return text.length() == 10
                ? date.atStartOfDay()
                : date.atTime(number(text, 11, 13), number(text, 14, 16), number(text, 17, 19));
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
