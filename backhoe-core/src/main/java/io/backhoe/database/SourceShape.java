package io.backhoe.database;

import java.util.List;

/**
 * Rows that a query yields, on their way into a table.
 *
 * @param sql the query
 * @param match the columns that tell them apart
 * @param columns those that are written, {@code match} among them
 */
public record SourceShape(String sql, List<ColumnFacts> match, List<String> columns) {
    public SourceShape {
        match = List.copyOf(match);
        columns = List.copyOf(columns);
    }
}
