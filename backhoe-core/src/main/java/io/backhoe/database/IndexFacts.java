package io.backhoe.database;

import java.util.List;

/**
 * A valid btree index without a predicate, over plain columns with their own collation, all of them in ascending order
 * or all of them in descending order with NULLs first: one that can be walked.
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
