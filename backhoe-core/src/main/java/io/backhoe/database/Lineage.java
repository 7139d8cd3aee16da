package io.backhoe.database;

import io.backhoe.value.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the columns that a batch sets are made of, in the server's own reading of the SQL.
 *
 * @param values by column that is set, what its expression reads; a column is missing where that could not be told
 * @param join what decides which rows of other tables are taken
 * @param filter what decides which rows are changed
 */
public record Lineage(Map<String, Reads> values, Reads join, Reads filter) {
    public Lineage {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** All tables that are read. */
    public Set<TableName> tables() {
        var tables = new LinkedHashSet<>(join.tables());
        tables.addAll(filter.tables());
        values.values().forEach(reads -> tables.addAll(reads.tables()));
        return tables;
    }
}
