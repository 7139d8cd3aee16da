package io.backhoe.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What else a column is.
 *
 * @param domain of the type that it has, with its rules; null where it is no domain
 * @param computedFrom of a column that is computed when its row is written: the columns it is computed from
 */
public record ColumnUse(String name, @Nullable String domain, List<String> computedFrom) {
    public ColumnUse {
        computedFrom = List.copyOf(computedFrom);
    }
}
