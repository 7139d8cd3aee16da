package io.backhoe.plan;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a column keeps, as far as it matters for whether a value that was kept there reads the same when the column's type changes.
 *
 * @param family types whose values read the same
 * @param scale digits after the point, to which the server pads all values; null where each has its own
 */
record StoredType(String family, @Nullable String scale) {
    private static final Set<String> TEXTS = Set.of("text", "character varying", "character");
    private static final Set<String> WHOLE_NUMBERS = Set.of("smallint", "integer", "bigint");
    private static final Pattern MODIFIER = Pattern.compile("\\((\\d+)(?:,(-?\\d+))?\\)");

    /** @param definition as a fingerprint has it: {@code character varying(100) not null} */
    static StoredType of(String definition) {
        String type = definition.replaceFirst(" not null(?=$| generated )", "");
        if (type.contains("\"")) {
            return new StoredType(type, null);
        }
        var modifier = MODIFIER.matcher(type);
        String scale = type.startsWith("numeric") && modifier.find() ? modifier.group(2) : null;
        String plain = modifier.replaceAll("");
        return new StoredType(
                TEXTS.contains(plain) ? "text" : WHOLE_NUMBERS.contains(plain) ? "integer" : plain, scale);
    }

    /** Whether the values of this one read the same where they are kept as the other now. */
    boolean comparesWith(StoredType now) {
        return family.equals(now.family) && (now.scale == null || now.scale.equals(scale));
    }
}
