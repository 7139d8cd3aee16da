package io.backhoe.notify;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell. Holds names, states and numbers, never a word of the server's: that could hold a row's value.
 *
 * @param title in a few words, without the run's name
 * @param far null where nothing is known yet
 * @param reason why it is told, for people; null where the title says it
 * @param command what to type next; null where there is nothing to do
 * @param id the same however often it is sent
 */
record Message(
        Kind kind,
        Subject subject,
        String title,
        @Nullable HowFar far,
        @Nullable String reason,
        @Nullable String command,
        Instant at,
        String id) {
    /** What is told. */
    enum Kind {
        TEST,
        STARTED,
        PROGRESS,
        HELD,
        CHUNKS_FAILED,
        /** The run has ended. */
        FINISHED,
        /** Nothing is done any more until somebody does something. */
        STOPPED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is the last thing that this process tells. */
        boolean isLast() {
            return this == FINISHED || this == STOPPED;
        }
    }

    Message(
            Kind kind,
            Subject subject,
            String title,
            @Nullable HowFar far,
            @Nullable String reason,
            @Nullable String command,
            Instant at) {
        this(kind, subject, title, far, reason, command, at, UUID.randomUUID().toString());
    }
}
