package io.backhoe.database;

import io.backhoe.value.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch does, before it is SQL.
 *
 * @param chunks what chunks are
 * @param chunkColumn the column that the dates of chunks are ranges of; null when chunks have no dates
 * @param keyset the columns that order the walk; it ends in, or is, the key
 * @param key the columns that identify a row
 * @param set column to expression, in order
 * @param from further tables of the expressions, or null
 * @param on how they are joined, or null
 * @param where which rows are meant at all, or null
 * @param preserveExisting whether a value that is not missing stays, each column for itself
 * @param missingWhen per column, when its value counts as missing; a column without an entry is missing when it IS NULL
 * @param keepImages whether before-images are written
 * @param differing whether a row that holds already what it would be set to is left alone
 * @param records the records that name the rows; null when the walk itself finds them
 * @param source where rows are written whole: what yields them. {@code set} then has each column whose value is kept for
 *     undo, and {@code keyset} is of the columns that the query yields. Null where rows that are there are changed
 * @param spread whether few rows share a value of the first column of the keyset
 */
public record BatchShape(
        TableName table,
        Chunks chunks,
        @Nullable ColumnFacts chunkColumn,
        List<ColumnFacts> keyset,
        List<ColumnFacts> key,
        Map<String, String> set,
        @Nullable String from,
        @Nullable String on,
        @Nullable String where,
        boolean preserveExisting,
        Map<String, String> missingWhen,
        boolean keepImages,
        boolean differing,
        @Nullable Records records,
        @Nullable SourceShape source,
        boolean spread) {
    /** Of rows that are there, that the walk itself finds, and that are written whatever they hold. */
    public BatchShape(
            TableName table,
            Chunks chunks,
            @Nullable ColumnFacts chunkColumn,
            List<ColumnFacts> keyset,
            List<ColumnFacts> key,
            Map<String, String> set,
            @Nullable String from,
            @Nullable String on,
            @Nullable String where,
            boolean preserveExisting,
            Map<String, String> missingWhen,
            boolean keepImages) {
        this(
                table,
                chunks,
                chunkColumn,
                keyset,
                key,
                set,
                from,
                on,
                where,
                preserveExisting,
                missingWhen,
                keepImages,
                false,
                null,
                null,
                false);
    }

    /** What a chunk is. */
    public enum Chunks {
        /** A range of the chunk column, perhaps a stretch of keys within it. */
        DATES,
        /** A stretch of keys; where there are dates, they are a condition besides. */
        KEYS,
        /** A partition of the table, perhaps a stretch of keys within it; dates as above. */
        PARTITIONS
    }

    /**
     * Whether the walk itself is bounded by the dates. Where it is not, a batch looks at the next rows of the key
     * whatever their date, so that no batch has to search for its rows among many others.
     */
    public boolean walksDates() {
        return chunkColumn != null
                && records == null
                && (chunks == Chunks.DATES || keyset.get(0).equals(chunkColumn));
    }

    /** What stands beside the table in a FROM: the records and the tables of the expressions; null when nothing does. */
    public @Nullable String sources() {
        if (records == null) {
            return from;
        }
        return from == null ? records.source() : records.source() + ", " + from;
    }

    /** The same for somebody who only asks what its SQL means, and has no table of records. */
    public BatchShape withoutRecords() {
        return records == null
                ? this
                : new BatchShape(
                        table,
                        chunks,
                        chunkColumn,
                        keyset,
                        key,
                        set,
                        from,
                        on,
                        where,
                        preserveExisting,
                        missingWhen,
                        keepImages,
                        differing,
                        records.empty(),
                        source,
                        spread);
    }
}
