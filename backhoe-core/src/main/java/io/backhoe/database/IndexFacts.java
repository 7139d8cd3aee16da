package io.backhoe.database;

import java.util.List;

/**
 * A valid btree index without a predicate, whose columns are plain columns in ascending order.
 *
 * @param columns the key columns in order
 */
public record IndexFacts(String name, List<String> columns, boolean unique, boolean primary) {
    public IndexFacts {
        columns = List.copyOf(columns);
    }
}
