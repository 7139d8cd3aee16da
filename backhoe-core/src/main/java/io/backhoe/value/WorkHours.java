package io.backhoe.value;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.regex.Pattern;

/**
 * The hours of each day in which a run may work, by the clocks of one place. They may go over midnight.
 *
 * @param from included
 * @param to not included
 */
public record WorkHours(LocalTime from, LocalTime to, ZoneId zone) {
    private static final Pattern WRITTEN =
            Pattern.compile("(\\d{2}:\\d{2})\\s*-\\s*(\\d{2}:\\d{2})(?:\\s+([A-Za-z][A-Za-z0-9_+/-]*))?");

    public WorkHours {
        if (from.equals(to)) {
            throw new IllegalArgumentException("'" + from + "-" + to + "' has no end: both times are the same");
        }
    }

    /**
     * Reads {@code 22:00-06:00 Europe/Stockholm}; without a place the times are UTC.
     *
     * @throws IllegalArgumentException with a message for people
     */
    public static WorkHours parse(String text) {
        var matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' are not hours; write 22:00-06:00 Europe/Stockholm");
        }
        String zone = matcher.group(3) == null ? "UTC" : matcher.group(3);
        if (!ZoneId.getAvailableZoneIds().contains(zone)) {
            throw new IllegalArgumentException(
                    "'" + zone + "' is not a time zone; write its name, such as UTC or Europe/Berlin");
        }
        try {
            return new WorkHours(LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(2)), ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' are not hours: " + e.getMessage(), e);
        }
    }

    public boolean isOpen(Instant now) {
        var time = now.atZone(zone).toLocalTime();
        boolean after = !time.isBefore(from);
        boolean before = time.isBefore(to);
        return from.isBefore(to) ? after && before : after || before;
    }

    /** How much of the time from one moment to another lies within the hours. */
    public Duration within(Instant start, Instant end) {
        var sum = Duration.ZERO;
        // The hours of the day before may reach into this one.
        var day = start.atZone(zone).toLocalDate().minusDays(1);
        for (; !at(day, from).isAfter(end); day = day.plusDays(1)) {
            Instant opens = at(day, from);
            Instant closes = at(from.isBefore(to) ? day : day.plusDays(1), to);
            Instant first = opens.isAfter(start) ? opens : start;
            Instant last = closes.isBefore(end) ? closes : end;
            sum = last.isAfter(first) ? sum.plus(Duration.between(first, last)) : sum;
        }
        return sum;
    }

    private Instant at(LocalDate day, LocalTime time) {
        return ZonedDateTime.of(day, time, zone).toInstant();
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return from + "-" + to + " " + zone;
    }
}
