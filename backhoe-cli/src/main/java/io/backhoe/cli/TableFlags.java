package io.backhoe.cli;

import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.ColumnName;
import io.backhoe.spec.Moment;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a spec would say, for who has none yet. */
final class TableFlags {
    @Option(names = "--table", paramLabel = "TABLE", description = "The table, in place of a file.")
    private @Nullable String table;

    @Option(names = "--column", paramLabel = "COLUMN", description = "The column to fill.")
    private @Nullable String column;

    @Option(
            names = "--expression",
            paramLabel = "SQL",
            description = "What fills --column. Without it only the gap and the table are looked at.")
    private @Nullable String expression;

    @Option(
            names = "--missing-when",
            paramLabel = "SQL",
            description = "When a value of --column counts as missing. Default: COLUMN IS NULL.")
    private @Nullable String missingWhen;

    @Option(
            names = "--date-column",
            paramLabel = "COLUMN",
            description = "The column of dates. Default: the one sensible choice.")
    private @Nullable String dateColumn;

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "The first day that is meant. Without --from and --to rows of all dates are.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "DATE", description = "The first day that is no longer meant.")
    private @Nullable String to;

    @Option(names = "--timezone", paramLabel = "REGION", description = "Whose days are meant. Default: UTC.")
    private @Nullable String timezone;

    @Option(
            names = "--chunk-by",
            paramLabel = "UNIT",
            description = "What chunks are; as in a spec. Default: month, and auto without --from and --to.")
    private @Nullable ChunkBy chunkBy;

    /** Whether any of these was given. */
    boolean any() {
        return Stream.of(table, column, expression, missingWhen, dateColumn, from, to, timezone, chunkBy)
                .anyMatch(Objects::nonNull);
    }

    /** @throws BackhoeException USAGE, when something is missing or cannot be read */
    Spec spec(SpecFlags flags) {
        if (table == null) {
            throw usage("Which rows? A file, or --table with --from and --to.");
        }
        if ((from == null) != (to == null)) {
            throw usage("--from and --to belong together.");
        }
        if (from == null && chunkBy != null && chunkBy.isCalendar()) {
            throw usage("--chunk-by " + chunkBy.word() + " needs --from and --to.");
        }
        var given = flags.overrides(null);
        var set = new LinkedHashMap<>(given.set());
        String filled = null;
        if (column != null) {
            filled = read("--column", column, ColumnName::parse);
            set.put(filled, expression == null ? SqlName.quote(filled) : expression);
        } else if (expression != null || missingWhen != null) {
            throw usage("--expression and --missing-when speak of --column, which is not given.");
        }
        if (set.isEmpty()) {
            throw usage("Which column is to be filled? --column COLUMN, or --set COLUMN=EXPRESSION.");
        }
        LocalDateTime start = from == null ? null : read("--from", from, Moment::parse);
        LocalDateTime end = to == null ? null : read("--to", to, Moment::parse);
        if (start != null && end != null && !start.isBefore(end)) {
            throw usage("--to " + to + " is not after --from " + from + ".");
        }
        TableName name = read("--table", table, TableName::parse);
        var scope = new Spec.Scope(
                name,
                dateColumn == null ? null : read("--date-column", dateColumn, ColumnName::parse),
                start,
                end,
                timezone == null ? ZoneId.of("UTC") : read("--timezone", timezone, ZoneId::of),
                given.where(),
                null,
                null);
        Map<String, String> missing = filled == null || missingWhen == null ? Map.of() : Map.of(filled, missingWhen);
        return new Spec(
                new Spec.About(name.name(), null, null, null),
                null,
                scope,
                new Spec.Transform(set, given.fromClause(), given.on(), missing),
                strategy(),
                new Spec.Execution(List.of(), List.of(), List.of()),
                new Spec.Rollback(true));
    }

    private Spec.Strategy strategy() {
        var otherwise = Spec.Strategy.DEFAULT;
        return new Spec.Strategy(
                otherwise.type(),
                chunkBy == null ? from == null ? ChunkBy.AUTO : otherwise.chunkBy() : chunkBy,
                null,
                otherwise.parallelism(),
                otherwise.preserveExisting(),
                otherwise.maxRetries());
    }

    private interface Reader<T> {
        T read(String text);
    }

    private static <T> T read(String flag, String text, Reader<T> reader) {
        try {
            return reader.read(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw usage(flag + ": " + e.getMessage() + ".");
        }
    }

    private static BackhoeException usage(String message) {
        return new BackhoeException(
                ExitCode.USAGE,
                "usage",
                message,
                "for example backhoe assess --table orders --column customer_tier --from 2023-01-01 --to 2024-01-01");
    }
}
