package io.backhoe.plan;

import io.backhoe.value.Key;
import java.util.List;

/**
 * The records of a correction's file, compared with the table.
 *
 * @param key by which a record finds its row
 * @param cuts keys that cut them into chunks, in order
 * @param rows how many records there are
 * @param notes what a reviewer should know
 */
public record ChosenRecords(List<String> key, List<Key> cuts, long rows, List<String> notes) {
    public ChosenRecords {
        key = List.copyOf(key);
        cuts = List.copyOf(cuts);
        notes = List.copyOf(notes);
    }
}
