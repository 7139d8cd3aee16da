package io.backhoe.spec;

import io.backhoe.value.RowsInto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query that yields the rows that belong into the table.
 *
 * @param sql one SELECT, without a semicolon
 * @param into what becomes of rows that are there; null where they are never touched
 * @param key the columns that tell its rows apart; in a spec none leaves it to the plan, which takes the table's key
 * @param columns those of its columns that are written, the key's among them; in a spec none means all that it yields
 * @param expect the period of which each has to have rows, so that only those without any are filled; null where each row of
 *     the query is expected
 */
public record SourceQuery(
        String sql,
        @Nullable RowsInto into,
        List<String> key,
        List<String> columns,
        @Nullable ChunkBy expect) {
    public SourceQuery {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }
}
