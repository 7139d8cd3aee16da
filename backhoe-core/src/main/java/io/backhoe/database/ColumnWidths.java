package io.backhoe.database;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What the values of a table's columns take up.
 *
 * @param bytes by column, on average: from the statistics, and a guess from the type where there are none
 */
public record ColumnWidths(Map<String, Integer> bytes) {
    public ColumnWidths {
        bytes = Map.copyOf(bytes);
    }

    /** What a row of before-image weighs that keeps these columns, in bytes, about. */
    public int image(List<String> key, Collection<String> kept) {
        // Old and new value, and what the server adds to each row of a table (a header of 24 bytes and a pointer of 4).
        return sum(key) + 2 * sum(kept) + 28;
    }

    private int sum(Collection<String> names) {
        return names.stream().mapToInt(bytes::get).sum();
    }
}
