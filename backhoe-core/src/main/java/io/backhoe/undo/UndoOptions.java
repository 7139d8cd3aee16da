package io.backhoe.undo;

import io.backhoe.value.OnConflict;
import java.util.List;

/**
 * What is to be taken back.
 *
 * @param chunkIds which chunks; empty for all
 * @param onConflict what becomes of rows that somebody has changed or deleted since
 */
public record UndoOptions(List<String> chunkIds, OnConflict onConflict) {
    /** Everything, and what somebody has changed since is left alone. */
    public static final UndoOptions ALL = new UndoOptions(List.of(), OnConflict.SKIP);

    public UndoOptions {
        chunkIds = List.copyOf(chunkIds);
    }
}
