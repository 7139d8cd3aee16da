package io.backhoe.database;

import java.util.List;

/**
 * An index, and what it means for writing.
 *
 * @param method {@code btree}, {@code brin}, {@code gin}, ...
 * @param columns its key as far as it is plain columns, in order
 * @param uses every column that it holds or depends on, in an expression or a predicate too
 * @param bytes of all its parts
 */
public record IndexUse(String name, String method, List<String> columns, List<String> uses, long bytes) {
    public IndexUse {
        columns = List.copyOf(columns);
        uses = List.copyOf(uses);
    }
}
