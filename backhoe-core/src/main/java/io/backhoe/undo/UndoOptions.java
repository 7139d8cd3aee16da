package io.backhoe.undo;

import io.backhoe.value.OnConflict;
import java.util.List;

/**
 * What is to be taken back.
 *
 * @param chunkIds which chunks; empty for all
 * @param onConflict what becomes of rows that somebody has changed or deleted since
 * @param fromBackup whether before-images are taken from the run's backup, also where the database has some
 */
public record UndoOptions(List<String> chunkIds, OnConflict onConflict, boolean fromBackup) {
    /** Everything, and what somebody has changed since is left alone. */
    public static final UndoOptions ALL = new UndoOptions(List.of(), OnConflict.SKIP);

    /** From the before-images of the database, where it has them. */
    public UndoOptions(List<String> chunkIds, OnConflict onConflict) {
        this(chunkIds, onConflict, false);
    }

    public UndoOptions {
        chunkIds = List.copyOf(chunkIds);
    }
}
