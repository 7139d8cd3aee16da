package io.backhoe.undo;

import io.backhoe.ledger.RunRecord;
import java.util.Map;

/**
 * A run whose before-images may be dropped.
 *
 * @param rows that it changed and that could not be restored any more
 * @param bytes that its before-images take up in the database, with indexes; 0 when there are none
 * @param objects how many there are in its backup
 * @param objectBytes what these take up
 * @param held the objects that cannot be deleted now, and why
 */
public record Purgeable(
        RunRecord run, long rows, long bytes, long objects, long objectBytes, Map<String, String> held) {
    public Purgeable {
        held = Map.copyOf(held);
    }

    /** Whether there is anything to drop. */
    public boolean there() {
        return bytes > 0 || objects > held.size();
    }
}
