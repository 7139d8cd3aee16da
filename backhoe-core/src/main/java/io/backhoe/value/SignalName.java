package io.backhoe.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is watched of the harm that a run may do to others, in what unit, and from where on it is too much. */
public enum SignalName {
    /** Seconds that the slowest streaming replica is behind. */
    REPLICA_LAG(Unit.SECONDS, 5.0),
    /** Sessions of others that are at work right now. The limit is two more than the server has processors. */
    ACTIVE_SESSIONS(Unit.COUNT, null),
    /** How long somebody has waited for a lock that a batch of ours has. */
    BLOCKING(Unit.MILLIS, 1_000.0),
    /** Sessions of others that have waited for a lock for over a second, whoever has it. */
    LOCK_WAITS(Unit.COUNT, 5.0),
    /** What a small COMMIT that waits for the disk takes. */
    COMMIT_LATENCY(Unit.MILLIS, 200.0),
    /** Segments of the log that wait to be archived. */
    WAL_ARCHIVE(Unit.COUNT, 42.0),
    /** How much of what may be kept for a replication slot is kept for the one furthest behind. */
    SLOT_RETENTION(Unit.PERCENT, 50.0),
    /** Dead rows of the table, of its live ones, while a vacuum works on it. */
    DEAD_TUPLES(Unit.PERCENT, 20.0),
    /** How much of the disk that was said to be free the run has taken. */
    DISK(Unit.PERCENT, 85.0),
    /** What batches take, of what they may take. */
    BATCH_TIME(Unit.PERCENT, 300.0),
    /** A question of one's own: how long its answer takes, or the number that it answers. */
    PROBE(Unit.NUMBER, null);

    /** In what a signal and its limit are measured. */
    public enum Unit {
        SECONDS(" s", "10s", "(?:s)?"),
        MILLIS(" ms", "500ms", "(?:ms)?"),
        PERCENT(" %", "60%", "\\s*%?"),
        COUNT("", "20", ""),
        NUMBER("", "300", "(?:ms)?");

        private final String behind;
        private final String example;
        private final Pattern pattern;

        Unit(String behind, String example, String written) {
            this.behind = behind;
            this.example = example;
            this.pattern = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)" + written);
        }
    }

    /** The limit of a signal that is not to be watched. */
    public static final double OFF = Double.POSITIVE_INFINITY;

    private final Unit unit;
    private final @Nullable Double usual;

    SignalName(Unit unit, @Nullable Double usual) {
        this.unit = unit;
        this.usual = usual;
    }

    /** The limit when nobody says otherwise; null where it depends on the server, or on who asks. */
    public @Nullable Double usual() {
        return usual;
    }

    /** As files and commands have it: {@code replica_lag}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for a word that is none of them. */
    public static Optional<SignalName> of(String word) {
        return Stream.of(values()).filter(s -> s.word().equals(word)).findFirst();
    }

    /** All of them, for messages. */
    public static String words() {
        return Stream.of(values()).map(SignalName::word).collect(Collectors.joining(", "));
    }

    /**
     * Reads a limit: {@code 10s}, {@code 500ms}, {@code 60%}, {@code 20}, or {@code off}.
     *
     * @throws IllegalArgumentException with a message for people
     */
    public double limit(String text) {
        if (text.equals("off")) {
            return OFF;
        }
        var matcher = unit.pattern.matcher(text.strip());
        if (!matcher.matches() || Double.parseDouble(matcher.group(1)) <= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a limit of " + word() + "; write " + unit.example + ", or off");
        }
        return Double.parseDouble(matcher.group(1));
    }

    /** For people: {@code 6.1 s}. */
    public String shown(double value) {
        return value == OFF ? "off" : number(value) + unit.behind;
    }

    /** As {@link #limit} reads it. */
    public String written(double value) {
        return value == OFF
                ? "off"
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString() + unit.behind.strip();
    }

    private static String number(double value) {
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return BigDecimal.valueOf(value)
                .setScale(digits, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
