package io.backhoe.run.throttle;

import io.backhoe.value.SignalName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a signal says now.
 *
 * @param value in the signal's unit; null where it cannot be read here at all
 * @param about which replica, which slot, for people; empty where there is nothing to name
 * @param cure what would let it be read, where it cannot be
 */
public record Reading(
        SignalName name,
        @Nullable Double value,
        String about,
        @Nullable String cure) {
    /** After that long nobody knows any more what a signal is. */
    public static final Duration STALE_AFTER = Duration.ofSeconds(15);

    private static final double UNENDED = Double.MAX_VALUE;

    public static Reading of(SignalName name, double value, String about) {
        return new Reading(name, value, about, null);
    }

    /** Its answer takes longer than is waited for: more than any limit. */
    public static Reading unended(SignalName name, String about) {
        return new Reading(name, UNENDED, about, null);
    }

    boolean isUnended() {
        return value != null && value == UNENDED;
    }

    public static Reading notWatched(SignalName name, String cure) {
        return new Reading(name, null, "", cure);
    }
}
