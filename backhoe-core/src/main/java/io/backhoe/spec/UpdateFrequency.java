package io.backhoe.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often a run says how far it is.
 *
 * @param percent of the rows, 1 to 50; 0 where that does not count
 * @param every at most so often; null where that does not count
 */
public record UpdateFrequency(
        Unit unit, int percent, @Nullable Duration every) {
    /** What has to pass between two reports. */
    public enum Unit {
        CHUNK,
        PERCENT,
        TIME,
        /** Nothing is said in between. */
        STATE
    }

    public static final UpdateFrequency PER_CHUNK = new UpdateFrequency(Unit.CHUNK, 0, null);
    public static final UpdateFrequency STATE = new UpdateFrequency(Unit.STATE, 0, null);

    /** What holds where a file does not say. */
    public static final UpdateFrequency DEFAULT = percent(10);

    private static final Pattern PERCENT = Pattern.compile("([1-9]|[1-4]\\d|50)\\s*%");
    private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,3})\\s*(s|m|min|h)");

    static UpdateFrequency percent(int percent) {
        return new UpdateFrequency(Unit.PERCENT, percent, null);
    }

    /** Empty for what is none of {@code per_chunk}, {@code state}, {@code 10%}, {@code 30s}, {@code 5m}, {@code 1h}. */
    static Optional<UpdateFrequency> of(String text) {
        if (text.equals("per_chunk")) {
            return Optional.of(PER_CHUNK);
        }
        if (text.equals("state")) {
            return Optional.of(STATE);
        }
        Matcher percent = PERCENT.matcher(text);
        if (percent.matches()) {
            return Optional.of(percent(Integer.parseInt(percent.group(1))));
        }
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(time.group(1));
        var every = switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofMinutes(amount);
        };
        return Optional.of(new UpdateFrequency(Unit.TIME, 0, every));
    }

    /** As a file has it. */
    public String word() {
        return switch (unit) {
            case CHUNK -> "per_chunk";
            case STATE -> "state";
            case PERCENT -> percent + "%";
            case TIME -> every == null ? "" : every.toSeconds() + "s";
        };
    }
}
