package io.backhoe.database;

import java.util.List;

/**
 * A valid btree index without a predicate, whose columns are plain columns in ascending order.
 *
 * @param columns the key columns in order
 * @param unique whether it keeps rows apart at every moment; not when it serves a deferrable constraint, which is
 *     looked at when a transaction ends
 * @param primary whether it serves the primary key, deferrable or not
 */
public record IndexFacts(String name, List<String> columns, boolean unique, boolean primary) {
    public IndexFacts {
        columns = List.copyOf(columns);
    }
}
