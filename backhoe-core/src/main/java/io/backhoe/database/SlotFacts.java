package io.backhoe.database;

import java.util.List;

/**
 * Who makes the server keep its log.
 *
 * @param limitBytes how much may be kept for them; -1 without limit
 */
public record SlotFacts(List<Slot> slots, long limitBytes) {
    public SlotFacts {
        slots = List.copyOf(slots);
    }

    /**
     * One of them.
     *
     * @param active whether anybody reads from it now
     * @param keptBytes of log that are kept for it; 0 when it has been given up
     */
    public record Slot(String name, boolean active, long keptBytes) {}
}
