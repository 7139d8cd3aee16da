package io.backhoe.spec;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a check, and the column it speaks of.
 *
 * @param column null when the name speaks of none
 * @param note what was assumed, or null
 */
public record CheckName(
        String name, @Nullable String column, @Nullable String note) {
    private static final Pattern NO_NULLS = Pattern.compile("(?:verify_)?no_nulls_in_(.+)");

    /** Where it is not known yet which columns are set. */
    static CheckName unresolved(String name) {
        return new CheckName(name, null, null);
    }

    /** Whether it asks for values that are missing. */
    boolean speaksOfNulls() {
        return NO_NULLS.matcher(name).matches();
    }

    /**
     * Finds the column: the one of exactly that name, else the only one that ends in it after an underscore, as
     * {@code verify_no_nulls_in_tier} means {@code customer_tier}.
     *
     * @param columns that the backfill sets
     * @throws IllegalArgumentException when no column, or more than one, may be meant; names the candidates
     */
    public static CheckName resolve(String name, Collection<String> columns) {
        Matcher matcher = NO_NULLS.matcher(name);
        if (!matcher.matches()) {
            return new CheckName(name, null, null);
        }
        String said = matcher.group(1);
        if (columns.contains(said)) {
            return new CheckName(name, said, null);
        }
        List<String> endings =
                columns.stream().filter(c -> c.endsWith("_" + said)).toList();
        if (endings.size() == 1) {
            String column = endings.get(0);
            return new CheckName(name, column, "'" + name + "' is taken to mean column " + ColumnName.text(column));
        }
        List<String> candidates = endings.isEmpty() ? List.copyOf(columns) : endings;
        throw new IllegalArgumentException("'" + name + "' names no column that this backfill sets; it could be one of "
                + String.join(", ", candidates.stream().map(ColumnName::text).toList()));
    }
}
