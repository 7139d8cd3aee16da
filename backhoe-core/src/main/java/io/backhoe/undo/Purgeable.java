package io.backhoe.undo;

import io.backhoe.ledger.RunRecord;

/**
 * A run whose before-images may be dropped.
 *
 * @param rows that it changed and that could not be restored any more
 * @param bytes that its before-images take up, with indexes; 0 when there are none
 */
public record Purgeable(RunRecord run, long rows, long bytes) {
    /** Whether there is anything to drop. */
    public boolean there() {
        return bytes > 0;
    }
}
