package io.backhoe.database;

import java.util.List;

/**
 * A constraint that an UPDATE may have to do with.
 *
 * @param columns those of the table that it speaks of
 * @param validated whether the rows that were there when it was made have been checked
 * @param other the table at the other end of a foreign key; empty for a CHECK
 */
public record ConstraintFacts(
        String name, Kind kind, List<String> columns, boolean validated, String definition, String other) {
    /** Which way it points. */
    public enum Kind {
        CHECK,
        FOREIGN_KEY,
        REFERENCED_BY
    }

    public ConstraintFacts {
        columns = List.copyOf(columns);
    }
}
