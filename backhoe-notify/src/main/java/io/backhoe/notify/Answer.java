package io.backhoe.notify;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What came of sending something once.
 *
 * @param problem null when it was taken
 * @param again whether it may be taken later
 * @param after how long the receiver wants to be left alone; null where it does not say
 */
record Answer(
        @Nullable String problem, boolean again, @Nullable Duration after) {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    static Answer none(String problem) {
        return new Answer(problem, true, null);
    }

    static Answer refused(String problem) {
        return new Answer(problem, false, null);
    }

    /** Of RFC 9110: what is not taken now may be taken later after 408, 425, 429 and 5xx. */
    static Answer of(HttpResponse<?> response, Instant now) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new Answer(null, false, null);
        }
        boolean again = status == 408 || status == 425 || status == 429 || status >= 500;
        var after = response.headers().firstValue("Retry-After").map(text -> after(text, now));
        return new Answer("answers HTTP " + status, again, after.orElse(null));
    }

    /** Seconds, or a moment. */
    private static @Nullable Duration after(String text, Instant now) {
        Duration wished;
        if (text.matches("\\d{1,9}")) {
            wished = Duration.ofSeconds(Long.parseLong(text));
        } else {
            try {
                var moment = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
                wished = Duration.between(now, moment.toInstant());
            } catch (DateTimeException e) {
                return null;
            }
        }
        return wished.isNegative() ? null : wished.compareTo(LONGEST) > 0 ? LONGEST : wished;
    }
}
