package io.backhoe.database;

import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch does, before it is SQL.
 *
 * @param chunkColumn the column that chunks are ranges of
 * @param keyset the columns that order the walk; it ends in, or is, the key
 * @param key the columns that identify a row
 * @param set column to expression, in order
 * @param from further tables of the expressions, or null
 * @param on how they are joined, or null
 * @param where which rows are meant at all, or null
 * @param preserveExisting whether a value that is not missing stays, each column for itself
 * @param missingWhen per column, when its value counts as missing; a column without an entry is missing when it IS NULL
 * @param keepImages whether before-images are written
 */
public record BatchShape(
        TableName table,
        ColumnFacts chunkColumn,
        List<ColumnFacts> keyset,
        List<ColumnFacts> key,
        Map<String, String> set,
        @Nullable String from,
        @Nullable String on,
        @Nullable String where,
        boolean preserveExisting,
        Map<String, String> missingWhen,
        boolean keepImages) {}
