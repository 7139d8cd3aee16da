package io.backhoe.value;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A length of time as people write it: {@code 500ms}, {@code 30s}, {@code 5min}, {@code 1h}. */
public final class TimeText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\s*(ms|s|sec|m|min|h)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "sec", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    private TimeText() {}

    /** Null when it is not such a text, or no time at all. */
    public static @Nullable Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        long number = unit == null ? 0 : Long.parseLong(matcher.group(1));
        return unit == null || number == 0 ? null : unit.multipliedBy(number);
    }
}
