package io.backhoe.spec;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What flags of the command line add to a file, or replace in it.
 *
 * @param url replaces the whole target, so that a file's password never reaches another server
 * @param set column to SQL expression; added to the file's columns, and replacing those of the same name
 * @param fromClause replaces {@code transform.from}
 * @param on replaces {@code transform.on}
 * @param where replaces {@code scope.where}
 */
public record SpecOverrides(
        @Nullable String url,
        Map<String, String> set,
        @Nullable String fromClause,
        @Nullable String on,
        @Nullable String where) {
    public static final SpecOverrides NONE = new SpecOverrides(null, Map.of(), null, null, null);

    public SpecOverrides {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    }

    /**
     * Reads the values of {@code --set}: each {@code column=expression}, split at the first equals sign that is not in a
     * quoted column name.
     *
     * @throws BackhoeException when one of them is not of that form
     */
    public static Map<String, String> parseSet(List<String> flags) {
        var set = new LinkedHashMap<String, String>();
        for (String flag : flags) {
            int from = flag.startsWith("\"") ? endOfQuotes(flag) : 0;
            int split = flag.indexOf('=', from);
            String expression = split < 0 ? "" : flag.substring(split + 1).strip();
            if (split < 1 || expression.isEmpty()) {
                throw refused("--set '" + flag + "' is not column=expression");
            }
            String column;
            try {
                column = ColumnName.parse(flag.substring(0, split));
            } catch (IllegalArgumentException e) {
                throw refused("--set: " + e.getMessage());
            }
            if (set.put(column, expression) != null) {
                throw refused("--set gives column " + column + " twice");
            }
        }
        return set;
    }

    private static int endOfQuotes(String flag) {
        int at = 1;
        while (at < flag.length() && (flag.charAt(at) != '"' || flag.startsWith("\"\"", at))) {
            at += flag.charAt(at) == '"' ? 2 : 1;
        }
        return at;
    }

    private static BackhoeException refused(String message) {
        return new BackhoeException(
                ExitCode.USAGE, "set_invalid", message, "for example --set \"customer_tier='bronze'\"");
    }
}
