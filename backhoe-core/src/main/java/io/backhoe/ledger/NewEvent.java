package io.backhoe.ledger;

import io.backhoe.value.Cause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to be written into a run's chain of events.
 *
 * @param who null for whom the operating system runs this process for
 * @param at null for the time of the transaction
 * @param was and {@code became}: what it changed, where there is such a thing
 */
record NewEvent(
        String kind,
        @Nullable Integer chunk,
        String message,
        @Nullable String who,
        @Nullable String why,
        @Nullable String was,
        @Nullable String became,
        @Nullable Instant at) {
    static NewEvent of(String kind, String message) {
        return new NewEvent(kind, null, message, null, null, null, null, null);
    }

    /** What somebody has typed. */
    static NewEvent command(String verb, Cause cause) {
        return of("command", verb).by(cause);
    }

    NewEvent by(Cause cause) {
        return new NewEvent(kind, chunk, message, cause.who(), cause.why(), was, became, at);
    }

    NewEvent changing(@Nullable String from, @Nullable String to) {
        return new NewEvent(kind, chunk, message, who, why, from, to, at);
    }

    NewEvent at(@Nullable Instant moment) {
        return new NewEvent(kind, chunk, message, who, why, was, became, moment);
    }
}
