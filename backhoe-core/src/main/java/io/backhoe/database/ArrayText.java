package io.backhoe.database;

import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A literal of an array: each value in quotes, so that none is taken for NULL. */
public final class ArrayText {
    private ArrayText() {}

    /** @param value null for NULL */
    public static <T> String of(Collection<T> all, Function<T, @Nullable String> value) {
        var literal = new StringBuilder("{");
        for (T each : all) {
            literal.append(literal.length() == 1 ? "" : ",");
            String text = value.apply(each);
            if (text == null) {
                literal.append("NULL");
            } else {
                literal.append('"')
                        .append(text.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        }
        return literal.append('}').toString();
    }
}
