package io.backhoe.database;

import io.backhoe.value.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is true of a table now.
 *
 * @param key the columns that identify a row: the primary key, else a unique index over columns that are not null;
 *     empty when there is none
 * @param triggers names of the user's triggers that an UPDATE fires
 * @param estimatedRows of the whole table, from the statistics; -1 when never analyzed
 * @param fingerprint one line a fact: columns, types, keys, indexes, triggers, constraints, policies; no OIDs, no
 *     statistics
 */
public record TableFacts(
        TableName name,
        List<ColumnFacts> columns,
        List<IndexFacts> indexes,
        List<String> key,
        List<String> triggers,
        long estimatedRows,
        List<String> fingerprint) {
    public TableFacts {
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
        key = List.copyOf(key);
        triggers = List.copyOf(triggers);
        fingerprint = List.copyOf(fingerprint);
    }

    public Optional<ColumnFacts> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /**
     * These columns, in this order.
     *
     * @throws java.util.NoSuchElementException when there is no such column
     */
    public List<ColumnFacts> columns(List<String> names) {
        return names.stream().map(name -> column(name).orElseThrow()).toList();
    }

    public Map<String, ColumnFacts> columnsByName() {
        return columns.stream().collect(Collectors.toMap(ColumnFacts::name, column -> column));
    }

    /** A unique index over these columns and no others, in whatever order. */
    public Optional<IndexFacts> uniqueOver(Collection<String> names) {
        return indexes.stream()
                .filter(i -> i.unique() && Set.copyOf(i.columns()).equals(Set.copyOf(names)))
                .findFirst();
    }
}
