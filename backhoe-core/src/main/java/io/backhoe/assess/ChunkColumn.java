package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.ChunkBy;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The column that chunks are ranges of.
 *
 * @param note how it was chosen where the spec does not say, or null
 */
public record ChunkColumn(ColumnFacts column, @Nullable String note) {

    /** @throws BackhoeException when the column of dates cannot be told, or is none */
    public static ChunkColumn choose(TableFacts table, @Nullable String asked) {
        var dates = table.columns().stream()
                .filter(c -> c.kind() != ColumnFacts.Kind.OTHER)
                .toList();
        if (asked != null) {
            return new ChunkColumn(asked(table, asked, dates), null);
        }
        var indexed = dates.stream()
                .filter(c -> table.indexes().stream()
                        .anyMatch(i -> i.columns().get(0).equals(c.name())))
                .toList();
        var candidates = dates.size() == 1 || indexed.isEmpty() ? dates : indexed;
        if (candidates.size() != 1) {
            throw refusal(
                    table,
                    "date_column_missing",
                    "scope.date_column is not given, and table " + table.name()
                            + " has no single sensible choice for it.",
                    candidates);
        }
        ColumnFacts only = candidates.get(0);
        return new ChunkColumn(
                only, "scope.date_column is not given; " + only.name() + " is the only sensible choice.");
    }

    /** @throws BackhoeException USAGE {@code hour_of_a_date}, when days would have to be cut into hours */
    public static void refuseHours(ChunkBy unit, TableFacts table, ColumnFacts column) {
        if (unit == ChunkBy.HOUR && column.kind() == ColumnFacts.Kind.DATE) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "hour_of_a_date",
                    "strategy.chunk_by: hour needs a time of day, and " + column.name() + " of " + table.name()
                            + " is a date. Nothing was changed.",
                    "Choose day or longer.");
        }
    }

    private static ColumnFacts asked(TableFacts table, String asked, List<ColumnFacts> dates) {
        ColumnFacts column = table.column(asked)
                .orElseThrow(() -> refusal(
                        table,
                        "column_not_found",
                        "scope.date_column: table " + table.name() + " has no column " + asked + ".",
                        dates));
        if (column.kind() == ColumnFacts.Kind.OTHER) {
            throw refusal(
                    table,
                    "not_a_date_column",
                    "scope.date_column: " + asked + " is " + column.type() + ", neither a date nor a timestamp.",
                    dates);
        }
        return column;
    }

    private static BackhoeException refusal(
            TableFacts table, String code, String message, List<ColumnFacts> candidates) {
        String names = candidates.stream().map(ColumnFacts::name).collect(Collectors.joining(", "));
        return new BackhoeException(
                ExitCode.REFUSED,
                code,
                message + " Nothing was changed.",
                names.isEmpty()
                        ? "Table " + table.name()
                                + " has no date or timestamp column: leave out date_range, and write strategy.chunk_by: key."
                        : "Set scope.date_column (or --date-column) to one of: " + names);
    }
}
