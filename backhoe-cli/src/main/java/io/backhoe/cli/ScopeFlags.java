package io.backhoe.cli;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows of which table, and what fills which column of them; as it was typed. */
final class ScopeFlags {
    @Option(names = "--table", paramLabel = "TABLE", description = "table or schema.table.")
    private @Nullable String table;

    @Option(names = "--column", paramLabel = "COLUMN", description = "The column to fill.")
    private @Nullable String column;

    @Option(names = "--expression", paramLabel = "SQL", description = "What fills --column.")
    private @Nullable String expression;

    @Option(
            names = "--date-column",
            paramLabel = "COLUMN",
            description = "What the dates are of. Default: the one sensible choice.")
    private @Nullable String dateColumn;

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "The first day, or moment. Default: init takes the earliest, assess rows of all dates.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "DATE",
            description = "The first one that no longer belongs to it. Default: init takes the day after the latest.")
    private @Nullable String to;

    @Option(
            names = "--timezone",
            paramLabel = "REGION",
            description = "Whose days are meant where the column has a time zone. Default: UTC.")
    private @Nullable String timezone;

    boolean any() {
        return Stream.of(table, column, expression, dateColumn, from, to, timezone)
                .anyMatch(Objects::nonNull);
    }

    @Nullable
    String table() {
        return table;
    }

    @Nullable
    String column() {
        return column;
    }

    @Nullable
    String expression() {
        return expression;
    }

    @Nullable
    String dateColumn() {
        return dateColumn;
    }

    @Nullable
    String from() {
        return from;
    }

    @Nullable
    String to() {
        return to;
    }

    String timezone() {
        return timezone == null ? "UTC" : timezone;
    }
}
