package io.backhoe.database;

import java.util.List;

/**
 * A trigger that UPDATE fires.
 *
 * @param before whether it comes before the row is written, and so may change it
 * @param eachRow whether it fires for each row, else once a statement
 * @param columns the columns that must be among those set for it to fire; empty for any
 * @param assigns columns that its function's source is seen to assign to, in lower case; there may be others
 */
public record TriggerFacts(
        String name, boolean before, boolean eachRow, List<String> columns, String function, List<String> assigns) {
    public TriggerFacts {
        columns = List.copyOf(columns);
        assigns = List.copyOf(assigns);
    }
}
