package io.backhoe.value;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** When a run should have ended, by the clocks of one place. */
public record Deadline(LocalDateTime local, ZoneId zone) {
    public Instant instant() {
        return local.atZone(zone).toInstant();
    }

    /**
     * The time for work until then; zero when it has passed.
     *
     * @param hours outside of which nothing is done; null for none
     */
    public Duration room(Instant now, @Nullable WorkHours hours) {
        if (!now.isBefore(instant())) {
            return Duration.ZERO;
        }
        return hours == null ? Duration.between(now, instant()) : hours.within(now, instant());
    }

    /** Rows a second that it takes to do so many in the time that is left for work. */
    public long rate(long rows, Duration room) {
        return (long) Math.ceil(rows / Math.max(1e-3, room.toMillis() / 1e3));
    }

    /** {@code 2026-12-01T06:00 Europe/Stockholm}. */
    @Override
    public String toString() {
        return local + " " + zone;
    }
}
