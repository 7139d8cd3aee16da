package io.backhoe.database;

import io.backhoe.value.RowsInto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a query yields, on their way into a table.
 *
 * @param sql the query
 * @param into what becomes of rows that are there; null where they are never touched
 * @param match the columns that tell them apart
 * @param columns those that are written, {@code match} among them
 */
public record SourceShape(String sql, @Nullable RowsInto into, List<ColumnFacts> match, List<String> columns) {
    public SourceShape {
        match = List.copyOf(match);
        columns = List.copyOf(columns);
    }
}
