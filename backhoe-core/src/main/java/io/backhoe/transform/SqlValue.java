package io.backhoe.transform;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of SQL in Java, by the server's text form of them (DateStyle ISO, as the driver asks for). */
final class SqlValue {
    private static final int YEAR = 4;
    private static final int LONGEST_YEAR = 9;
    /** Longer than any numeric may be; more is left to the exponent, which the server reads as well. */
    private static final int MOST_DIGITS = 1_000;

    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, YEAR, LONGEST_YEAR, SignStyle.NEVER)
            .appendPattern("-MM-dd")
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter TIMESTAMPTZ = new DateTimeFormatterBuilder()
            .append(TIMESTAMP)
            .appendOffset("+HH:mm:ss", "Z")
            .toFormatter(Locale.ROOT);

    private SqlValue() {}

    /** @param type in the server's words, such as {@code numeric(10,2)} */
    static Object read(String type, String text) {
        String family = type.replaceFirst("\\([^)]*\\)", "");
        return switch (family) {
            case "smallint", "integer" -> Integer.valueOf(text);
            case "bigint" -> Long.valueOf(text);
            case "numeric" -> text.equals("NaN") || text.endsWith("Infinity") ? number(text) : new BigDecimal(text);
            case "real" -> Float.valueOf(text);
            case "double precision" -> Double.valueOf(text);
            case "boolean" -> text.startsWith("t");
            case "date" -> date(text);
            case "timestamp without time zone" -> timestamp(text);
            case "timestamp with time zone" -> timestamptz(text);
            case "time without time zone" -> text.startsWith("24") ? LocalTime.MAX : LocalTime.parse(text);
            case "uuid" -> UUID.fromString(text);
            case "bytea" -> HexFormat.of().parseHex(text.substring("\\x".length()));
            default -> text;
        };
    }

    private static Object number(String text) {
        return Double.valueOf(text);
    }

    private static LocalDate date(String text) {
        return switch (text) {
            case "infinity" -> LocalDate.MAX;
            case "-infinity" -> LocalDate.MIN;
            default -> {
                var read = LocalDate.parse(inOurEra(text), DATE);
                yield isBefore(text) ? read.withYear(1 - read.getYear()) : read;
            }
        };
    }

    private static LocalDateTime timestamp(String text) {
        return switch (text) {
            case "infinity" -> LocalDateTime.MAX;
            case "-infinity" -> LocalDateTime.MIN;
            default -> {
                var read = LocalDateTime.parse(inOurEra(text), TIMESTAMP);
                yield isBefore(text) ? read.withYear(1 - read.getYear()) : read;
            }
        };
    }

    private static OffsetDateTime timestamptz(String text) {
        return switch (text) {
            case "infinity" -> OffsetDateTime.MAX;
            case "-infinity" -> OffsetDateTime.MIN;
            default -> {
                var read = OffsetDateTime.parse(inOurEra(text), TIMESTAMPTZ);
                yield isBefore(text) ? read.withYear(1 - read.getYear()) : read;
            }
        };
    }

    private static boolean isBefore(String text) {
        return text.endsWith(" BC");
    }

    private static String inOurEra(String text) {
        return isBefore(text) ? text.substring(0, text.length() - " BC".length()) : text;
    }

    /**
     * As the server reads it.
     *
     * @throws IllegalArgumentException for a type that has no form in SQL
     */
    static @Nullable String write(@Nullable Object value) {
        if (value == null || value instanceof String) {
            return (String) value;
        } else if (value instanceof BigDecimal number) {
            return Math.abs(number.scale()) > MOST_DIGITS ? number.toString() : number.toPlainString();
        } else if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof Enum<?> word) {
            return word.name();
        } else if (value instanceof LocalDate date) {
            return infinite(date, LocalDate.MIN, LocalDate.MAX, date.getYear(), DATE);
        } else if (value instanceof LocalDateTime time) {
            return infinite(time, LocalDateTime.MIN, LocalDateTime.MAX, time.getYear(), TIMESTAMP);
        } else if (value instanceof OffsetDateTime time) {
            return infinite(time, OffsetDateTime.MIN, OffsetDateTime.MAX, time.getYear(), TIMESTAMPTZ);
        } else if (value instanceof Instant instant) {
            return write(instant.atOffset(ZoneOffset.UTC));
        } else if (value instanceof LocalTime time) {
            return time.equals(LocalTime.MAX) ? "24:00" : time.toString();
        } else if (value instanceof Number
                || value instanceof Boolean
                || value instanceof CharSequence
                || value instanceof UUID
                || value instanceof OffsetTime
                || value instanceof Character) {
            return value.toString();
        }
        throw new IllegalArgumentException(value.getClass().getName());
    }

    private static String infinite(
            java.time.temporal.Temporal value, Object least, Object most, int year, DateTimeFormatter form) {
        if (value.equals(most)) {
            return "infinity";
        } else if (value.equals(least)) {
            return "-infinity";
        }
        return year > 0 ? form.format(value) : form.format(value.with(ChronoField.YEAR, 1L - year)) + " BC";
    }
}
