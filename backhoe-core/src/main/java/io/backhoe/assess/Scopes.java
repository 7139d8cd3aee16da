package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ScopeShape;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which rows of a live table a spec means. */
final class Scopes {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    private Scopes() {}

    /** @throws BackhoeException when the column of dates cannot be told, or is none */
    static ScopeShape of(Spec spec, Spec.Transform transform, TableFacts table) {
        var scope = spec.scope();
        ColumnFacts date = scope.start() == null ? anyDate(table, scope.dateColumn()) : date(table, scope.dateColumn());
        return new ScopeShape(
                table.name(),
                date,
                scope.start() == null || date == null ? null : range(spec, date),
                transform.set().keySet().stream()
                        .map(column -> missing(table, transform, column))
                        .toList(),
                scope.where(),
                transform.from(),
                transform.on());
    }

    private static ChunkRange range(Spec spec, ColumnFacts date) {
        var scope = spec.scope();
        if (spec.strategy().chunkBy() == ChunkBy.HOUR && date.kind() == ColumnFacts.Kind.DATE) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "hour_of_a_date",
                    "strategy.chunk_by: hour needs a time of day, and " + date.name() + " is a date.",
                    "Choose day or longer.");
        }
        return new ChunkRange(text(scope.from(), date, scope.timezone()), text(scope.to(), date, scope.timezone()));
    }

    /** Where no range of it is meant, so that nothing hangs on the choice. */
    private static @Nullable ColumnFacts anyDate(TableFacts table, @Nullable String asked) {
        try {
            return date(table, asked);
        } catch (BackhoeException e) {
            if (asked != null) {
                throw e;
            }
            return null;
        }
    }

    private static String missing(TableFacts table, Spec.Transform transform, String column) {
        return Objects.requireNonNullElse(
                transform.missingWhen().get(column),
                SqlName.quote(table.name().name()) + "." + SqlName.quote(column) + " IS NULL");
    }

    private static ColumnFacts date(TableFacts table, @Nullable String asked) {
        List<ColumnFacts> dates = table.columns().stream()
                .filter(c -> c.kind() != ColumnFacts.Kind.OTHER)
                .toList();
        if (asked != null) {
            return dates.stream()
                    .filter(c -> c.name().equals(asked))
                    .findFirst()
                    .orElseThrow(() -> refusal(
                            table,
                            table.column(asked).isPresent() ? "not_a_date_column" : "column_not_found",
                            "has no date or timestamp column " + asked,
                            dates));
        }
        List<ColumnFacts> indexed = dates.stream()
                .filter(c -> table.indexes().stream()
                        .anyMatch(i -> i.columns().get(0).equals(c.name())))
                .toList();
        List<ColumnFacts> candidates = dates.size() == 1 || indexed.isEmpty() ? dates : indexed;
        if (candidates.size() != 1) {
            throw refusal(table, "date_column_missing", "has no single sensible choice of a date column", candidates);
        }
        return candidates.get(0);
    }

    private static BackhoeException refusal(
            TableFacts table, String code, String message, List<ColumnFacts> candidates) {
        String names = candidates.stream().map(ColumnFacts::name).collect(Collectors.joining(", "));
        return new BackhoeException(
                ExitCode.REFUSED,
                code,
                "Table " + table.name() + " " + message + ".",
                names.isEmpty()
                        ? "The table has no date or timestamp column at all."
                        : "Set scope.date_column (or --date-column) to one of: " + names);
    }

    /** A local time in the server's text form; that of a timestamptz in UTC, so that no session's zone matters. */
    static String text(LocalDateTime moment, ColumnFacts column, ZoneId zone) {
        return switch (column.kind()) {
            case DATE, OTHER -> date(moment, column);
            case TIMESTAMP -> withoutZeros(TIMESTAMP.format(moment));
            case TIMESTAMPTZ ->
                withoutZeros(TIMESTAMP.format(moment.atZone(zone).withZoneSameInstant(ZoneOffset.UTC))) + "+00";
        };
    }

    private static String date(LocalDateTime moment, ColumnFacts column) {
        if (!moment.equals(moment.toLocalDate().atStartOfDay())) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "range_needs_dates",
                    "Column " + column.name() + " is a date, and " + moment + " has a time of day.",
                    "Give whole days in scope.date_range.");
        }
        return DateTimeFormatter.ISO_LOCAL_DATE.format(moment);
    }

    private static String withoutZeros(String text) {
        return text.replaceFirst("\\.?0*$", "");
    }
}
