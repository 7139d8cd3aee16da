package io.backhoe.database;

import java.util.List;

/**
 * What inserting and deleting rows of a table sets off elsewhere.
 *
 * @param triggers enabled triggers of users that fire on INSERT or DELETE, by name
 * @param cascades foreign keys of other tables by which a deleted row takes theirs with it, or changes them: {@code
 *     lines_order_id_fkey of shop.lines}
 */
public record SetOff(List<String> triggers, List<String> cascades) {
    public SetOff {
        triggers = List.copyOf(triggers);
        cascades = List.copyOf(cascades);
    }
}
