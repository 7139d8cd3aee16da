package io.backhoe.plan;

import io.backhoe.assess.NoKey;
import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.IndexFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which index the batches walk. Over (chunk column, key) each chunk of dates is a stretch of the index; over the key
 * alone it reads all of it.
 *
 * @param note what a reviewer should know about the choice, or null
 */
record AccessPath(
        IndexFacts index, List<String> keyset, @Nullable String note) {

    /** @param chunkColumn null when nothing has dates */
    static AccessPath choose(TableFacts table, BatchShape.Chunks chunks, @Nullable ColumnFacts chunkColumn) {
        if (table.key().isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "no_key",
                    NoKey.sentence(table) + " Nothing was changed.",
                    "ALTER TABLE " + SqlName.quote(table.name())
                            + " ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY; (it"
                            + " rewrites the table), or build a unique index CONCURRENTLY over columns that are NOT NULL.");
        }
        if (chunks == BatchShape.Chunks.KEYS || chunkColumn == null) {
            return by(table, table.key());
        }
        var byChunk = new ArrayList<String>();
        byChunk.add(chunkColumn.name());
        table.key().stream().filter(k -> !k.equals(chunkColumn.name())).forEach(byChunk::add);
        for (IndexFacts index : table.indexes()) {
            if (startsWith(index, byChunk)) {
                return new AccessPath(index, byChunk, null);
            }
        }
        if (chunks == BatchShape.Chunks.PARTITIONS) {
            return by(table, table.key());
        }
        for (IndexFacts index : table.indexes()) {
            if (startsWith(index, List.of(chunkColumn.name()))) {
                return new AccessPath(index, byChunk, prefixNote(table, byChunk, index));
            }
        }
        IndexFacts index = by(table, table.key()).index();
        return new AccessPath(index, table.key(), keyNote(table, byChunk, index));
    }

    /** By a key of the table, be it another than the one that it is known by. */
    static AccessPath by(TableFacts table, List<String> key) {
        return table.indexes().stream()
                .filter(i -> (i.unique() || i.primary()) && i.columns().equals(key))
                .findFirst()
                .map(i -> new AccessPath(i, key, null))
                .orElseThrow(() -> new IllegalStateException("a key without its index: " + key));
    }

    /** Whether the table has an index that begins with the column. */
    static boolean reaches(TableFacts table, ColumnFacts column) {
        return table.indexes().stream().anyMatch(i -> startsWith(i, List.of(column.name())));
    }

    private static boolean startsWith(IndexFacts index, List<String> columns) {
        return index.columns().size() >= columns.size()
                && index.columns().subList(0, columns.size()).equals(columns);
    }

    private static String prefixNote(TableFacts table, List<String> byChunk, IndexFacts index) {
        String column = SqlName.quote(byChunk.get(0));
        return "Index " + SqlName.quote(index.name()) + " holds " + column
                + " but not the key: rows that share a value of " + column
                + " are sorted for each batch. With many rows to a value, " + remedy(table, byChunk)
                + " makes it cheap.";
    }

    private static String keyNote(TableFacts table, List<String> byChunk, IndexFacts index) {
        return "No index begins with " + SqlName.quote(byChunk.get(0)) + ": each chunk reads all of "
                + SqlName.quote(index.name()) + " and of the table. " + remedy(table, byChunk)
                + " makes each chunk read its own rows only; so does strategy.chunk_by: key.";
    }

    private static String remedy(TableFacts table, List<String> byChunk) {
        return "CREATE INDEX CONCURRENTLY ON " + SqlName.quote(table.name()) + " ("
                + byChunk.stream().map(SqlName::quote).collect(Collectors.joining(", ")) + ")";
    }
}
