package io.backhoe.value;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a chunk: those that fulfil all of this.
 *
 * @param dates a range of the chunk column; null where neither the chunks nor the scope are of the calendar
 * @param keys a stretch in the order of the walk
 * @param partition the only partition of the table that is meant; null for the whole table
 */
public record ChunkExtent(
        @Nullable ChunkRange dates, KeyRange keys, @Nullable TableName partition) {
    /** Every row of the table. */
    public static final ChunkExtent ALL = new ChunkExtent(null, KeyRange.ALL, null);

    public static ChunkExtent of(ChunkRange dates) {
        return new ChunkExtent(dates, KeyRange.ALL, null);
    }

    public static ChunkExtent of(TableName partition) {
        return new ChunkExtent(null, KeyRange.ALL, partition);
    }

    /** The same, narrowed to a stretch of keys. */
    public ChunkExtent within(KeyRange stretch) {
        return new ChunkExtent(dates, stretch, partition);
    }
}
