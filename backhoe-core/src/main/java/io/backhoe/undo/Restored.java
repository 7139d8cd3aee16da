package io.backhoe.undo;

import io.backhoe.backup.Manifest;
import java.util.List;

/**
 * What a restore from a backup alone has done, or would do.
 *
 * @param manifest what there was to restore from
 * @param rows before-images that were looked at
 * @param restored rows that are as before; in a dry run those that would be
 * @param overwritten of these the ones that somebody had changed since
 * @param left rows that somebody has changed or deleted since, and that were left alone
 * @param uncovered objects that the manifest does not list and that may hold what committed batches overwrote
 */
public record Restored(
        Manifest manifest, long rows, long restored, long overwritten, long left, List<String> uncovered) {
    public Restored {
        uncovered = List.copyOf(uncovered);
    }

    /** Whether all that the run has written was taken back. */
    public boolean whole() {
        return left == 0 && uncovered.isEmpty();
    }
}
