package io.backhoe.value;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** When a run should have ended, by the clocks of one place. */
public record Deadline(LocalDateTime local, ZoneId zone) {
    public Instant instant() {
        return local.atZone(zone).toInstant();
    }

    /** {@code 2026-12-01T06:00 Europe/Stockholm}. */
    @Override
    public String toString() {
        return local + " " + zone;
    }
}
