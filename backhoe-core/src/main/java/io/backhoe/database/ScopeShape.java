package io.backhoe.database;

import io.backhoe.value.ChunkRange;
import io.backhoe.value.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are meant, before they are cut into chunks.
 *
 * @param date the column of dates; null where there is none, and then there is no range
 * @param range of dates; null where rows of all dates are meant
 * @param missing SQL conditions: a row of which any holds still lacks a value
 * @param where which rows are meant at all, or null
 * @param from further tables of the expressions, or null
 * @param on how they are joined, or null
 */
public record ScopeShape(
        TableName table,
        @Nullable ColumnFacts date,
        @Nullable ChunkRange range,
        List<String> missing,
        @Nullable String where,
        @Nullable String from,
        @Nullable String on) {
    public ScopeShape {
        missing = List.copyOf(missing);
    }
}
