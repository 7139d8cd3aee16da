package io.backhoe.notify;

import java.time.Duration;

/**
 * How long a receiver is waited for.
 *
 * @param connect for a connection
 * @param answer for the whole of one attempt
 * @param attempts for a message
 * @param first before the second attempt; twice as long before the third, and so on
 * @param longest between two attempts
 * @param quiet how long nothing is sent after three messages in a row were not taken
 * @param end for what has not been sent when the run ends
 */
record Patience(
        Duration connect,
        Duration answer,
        int attempts,
        Duration first,
        Duration longest,
        Duration quiet,
        Duration end) {
    static final Patience USUAL = new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            4,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofSeconds(2));

    /** For somebody who waits for the answer. */
    static final Patience ONCE =
            new Patience(USUAL.connect, USUAL.answer, 1, USUAL.first, USUAL.longest, USUAL.quiet, USUAL.end);
}
