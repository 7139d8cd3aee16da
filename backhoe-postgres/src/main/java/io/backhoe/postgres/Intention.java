package io.backhoe.postgres;

import io.backhoe.value.TableName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a role is going to do, as far as that is known.
 *
 * @param table that is going to be filled, or null
 * @param columns that are going to be set; empty when that is not known yet
 * @param reads a SELECT that reads what the backfill's own SQL reads, or null
 * @param rows what is done with whole rows
 */
public record Intention(
        @Nullable TableName table,
        Set<String> columns,
        @Nullable String reads,
        Rows rows) {
    /** Whether rows come into being, and then what becomes of those that are there. */
    public enum Rows {
        /** None come into being: columns are set. */
        SET,
        /** Missing ones are inserted. */
        INSERTED,
        /** Missing ones are inserted, others updated. */
        INSERTED_AND_UPDATED
    }

    public Intention {
        columns = Set.copyOf(columns);
    }

    /** To set columns, with nothing known of the SQL. */
    public static Intention toSet(@Nullable TableName table, Set<String> columns) {
        return new Intention(table, columns, null, Rows.SET);
    }
}
