package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which columns a backfill may set. */
final class SettableColumns {
    private SettableColumns() {}

    static void refuseOthers(TableFacts table, BatchShape shape) {
        Set<String> ordering = new HashSet<>();
        shape.key().forEach(column -> ordering.add(column.name()));
        shape.keyset().forEach(column -> ordering.add(column.name()));
        ColumnFacts chunkColumn = shape.chunkColumn();
        if (chunkColumn != null) {
            ordering.add(chunkColumn.name());
        }
        for (String name : shape.set().keySet()) {
            ColumnFacts column = table.column(name).orElseThrow(() -> notFound(table, name));
            if (column.generated()) {
                throw refused(table, name, "the server computes it", "set the columns that it is computed from");
            } else if (ordering.contains(name)) {
                throw refused(
                        table,
                        name,
                        "it tells which rows are done (key, or column of the chunks)",
                        "choose another date_column, or change this column by hand");
            }
        }
    }

    /** @throws BackhoeException USAGE {@code column_not_found} */
    static List<ColumnFacts> existing(TableFacts table, List<String> names) {
        return names.stream()
                .map(name -> table.column(name).orElseThrow(() -> notFound(table, name)))
                .toList();
    }

    private static BackhoeException refused(TableFacts table, String column, String why, String hint) {
        return new BackhoeException(
                ExitCode.REFUSED,
                "column_not_settable",
                "Column " + column + " of " + table.name() + " cannot be set: " + why,
                hint);
    }

    private static BackhoeException notFound(TableFacts table, String name) {
        String similar = Spelling.near(name, table.columns(), ColumnFacts::name).stream()
                .map(ColumnFacts::name)
                .limit(3)
                .collect(Collectors.joining(", "));
        String all = table.columns().stream().map(ColumnFacts::name).collect(Collectors.joining(", "));
        return new BackhoeException(
                ExitCode.USAGE,
                "column_not_found",
                "There is no column " + name + " in " + table.name(),
                similar.isEmpty() ? "its columns are " + all : "did you mean " + similar + "?");
    }
}
