package io.backhoe.database;

import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is read, in order.
 *
 * @param columns of each table; none of one of which it only matters which rows there are
 */
public record Reads(Map<TableName, List<String>> columns) {
    public static final Reads NOTHING = new Reads(Map.of());

    public Reads {
        var copy = new LinkedHashMap<TableName, List<String>>();
        columns.forEach((table, names) -> copy.put(table, List.copyOf(names)));
        columns = Collections.unmodifiableMap(copy);
    }

    public static Reads of(TableName table, List<String> columns) {
        return new Reads(Map.of(table, columns));
    }

    public Set<TableName> tables() {
        return columns.keySet();
    }

    /** Whether any column is read. */
    public boolean hasColumns() {
        return columns.values().stream().anyMatch(names -> !names.isEmpty());
    }

    /** Both, each column once. */
    public Reads and(Reads other) {
        var all = new LinkedHashMap<>(columns);
        other.columns.forEach((table, names) -> all.merge(table, names, Reads::joined));
        return new Reads(all);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        var all = new LinkedHashSet<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    /** What is not read by the other too; of a table that both read nothing stays when no column is left. */
    public Reads without(Reads other) {
        var rest = new LinkedHashMap<TableName, List<String>>();
        columns.forEach((table, names) -> {
            var left = new ArrayList<>(names);
            left.removeAll(other.columns.getOrDefault(table, List.of()));
            if (!left.isEmpty() || !other.columns.containsKey(table)) {
                rest.put(table, left);
            }
        });
        return new Reads(rest);
    }
}
