package io.backhoe.assess;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One table joined by equal columns, where the SQL says it that plainly.
 *
 * @param table as the SQL names it, without its alias
 * @param from as the SQL has it
 * @param columns those of the joined table, with its alias, as the SQL has them
 */
record JoinColumns(String table, String from, List<String> columns) {
    private static final String NAME = "(?:[A-Za-z_][A-Za-z0-9_$]*|\"[^\"]+\")";
    private static final Pattern SOURCE =
            Pattern.compile("\\s*((?:" + NAME + "\\.)?(" + NAME + "))(?:\\s+(?:(?i:as)\\s+)?(" + NAME + "))?\\s*");
    private static final Pattern EQUALITY = Pattern.compile(
            "\\s*\\(?\\s*(" + NAME + ")\\.(" + NAME + ")\\s*=\\s*(" + NAME + ")\\.(" + NAME + ")\\s*\\)?\\s*");

    JoinColumns {
        columns = List.copyOf(columns);
    }

    /** Empty where the SQL is anything more than one table joined by {@code a.x = b.y AND ...}. */
    static Optional<JoinColumns> of(String from, String on) {
        Matcher source = SOURCE.matcher(from);
        if (!source.matches()) {
            return Optional.empty();
        }
        String alias = source.group(3) == null ? source.group(2) : source.group(3);
        var columns = new ArrayList<String>();
        for (String part : on.split("(?i)\\s+and\\s+", -1)) {
            Matcher equality = EQUALITY.matcher(part);
            if (!equality.matches()) {
                return Optional.empty();
            }
            boolean left = equality.group(1).equalsIgnoreCase(alias);
            boolean right = equality.group(3).equalsIgnoreCase(alias);
            if (left == right) {
                return Optional.empty();
            }
            columns.add(
                    left ? equality.group(1) + "." + equality.group(2) : equality.group(3) + "." + equality.group(4));
        }
        return Optional.of(new JoinColumns(source.group(1), from.strip(), columns));
    }

    /** The columns without their table, as an index lists them. */
    String bare() {
        return String.join(
                ", ",
                columns.stream()
                        .map(c -> c.replaceFirst("^" + NAME + "\\.", ""))
                        .toList());
    }
}
