package io.backhoe.spec;

import io.backhoe.value.Spelling;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words that keys of the strategy take, also those that only a later version acts on. */
final class Words {
    static final List<String> LATER_TYPES = List.of("full_reload");

    private static final Pattern BYTES = Pattern.compile("(\\d[\\d_]*(?:\\.\\d+)?)\\s*(|B|bytes|[kKMGTP]B)");

    private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,5})\\s*([smhd])");

    private Words() {}

    static @Nullable String type(Value value) {
        return word(
                value,
                Map.of("incremental", "incremental", "gap_fill", "gap_fill", Correction.TYPE, Correction.TYPE),
                LATER_TYPES);
    }

    static @Nullable ChunkBy chunkBy(Value value) {
        var choices = new LinkedHashMap<String, ChunkBy>();
        for (ChunkBy unit : ChunkBy.values()) {
            choices.put(unit.word(), unit);
        }
        return value.choice(choices);
    }

    /** {@code every_day}: the period of which each is to have rows. */
    static @Nullable ChunkBy expect(Value value) {
        var choices = new LinkedHashMap<String, ChunkBy>();
        for (ChunkBy unit : ChunkBy.values()) {
            if (unit.isCalendar()) {
                choices.put("every_" + unit.word(), unit);
            }
        }
        return value.choice(choices);
    }

    static @Nullable String rollback(Value value) {
        return word(
                value,
                Map.of("before_image", "before_image", "restore_from_backup", "restore_from_backup", "none", "none"),
                List.of());
    }

    static @Nullable String backup(Value value) {
        return word(value, Map.of("external", "external"), List.of());
    }

    static @Nullable UpdateFrequency frequency(Value value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        var frequency = UpdateFrequency.of(text.strip());
        if (frequency.isEmpty()) {
            value.problem(
                    "'" + text + "' is not how often; write per_chunk, state, a percentage from 1% to 50%, or a time"
                            + " such as 30s, 5m or 1h");
        }
        return frequency.orElse(null);
    }

    /** A stretch of time, from a second to a week. */
    static @Nullable Duration time(Value value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        Matcher matcher = TIME.matcher(text.strip());
        Duration time = Duration.ZERO;
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            time = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        if (time.isZero() || time.compareTo(Duration.ofDays(7)) > 0) {
            value.problem("'" + text + "' is not a time from 1s to 7d; write 90s, 30m or 2h");
            return null;
        }
        return time;
    }

    static Monitoring.@Nullable Format format(Value value) {
        var choices = new LinkedHashMap<String, Monitoring.Format>();
        for (var format : Monitoring.Format.values()) {
            choices.put(format.word(), format);
        }
        return value.choice(choices);
    }

    /** {@code 200GB}, {@code 1.5 TB}, or plain bytes; units are of 1,024. */
    static @Nullable Long bytes(Value value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        Matcher matcher = BYTES.matcher(text.strip());
        if (!matcher.matches()) {
            value.problem("'" + text + "' is not an amount of storage; write 200GB, or bytes");
            return null;
        }
        String unit = matcher.group(2).isEmpty()
                ? "B"
                : matcher.group(2).substring(0, 1).toUpperCase(Locale.ROOT);
        int power = "BKMGTP".indexOf(unit);
        return new BigDecimal(matcher.group(1).replace("_", ""))
                .multiply(BigDecimal.valueOf(1L << (10 * power)))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    static <T> @Nullable T word(Value value, Map<String, T> choices, List<String> later) {
        String text = value.text();
        if (text == null || choices.containsKey(text)) {
            return text == null ? null : choices.get(text);
        }
        String known = String.join(", ", choices.keySet().stream().sorted().toList());
        if (later.contains(text)) {
            value.problem("'" + text + "' is not done by this version, which does " + known + " only");
        } else {
            List<String> all =
                    Stream.concat(choices.keySet().stream(), later.stream()).toList();
            value.problem("'" + text + "' is not one of " + known, Spelling.nearest(text, all));
        }
        return null;
    }
}
