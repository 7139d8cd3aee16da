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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a spec would say, for who has none yet. */
final class TableFlags {
    @Mixin
    private ScopeFlags scope = new ScopeFlags();

    @Option(
            names = "--missing-when",
            paramLabel = "SQL",
            description = "When a value of --column counts as missing. Default: COLUMN IS NULL.")
    private @Nullable String missingWhen;

    @Option(
            names = "--chunk-by",
            paramLabel = "UNIT",
            description = "What chunks are; as in a spec. Default: month, and auto without --from and --to.")
    private @Nullable ChunkBy chunkBy;

    /** Whether any of these was given. */
    boolean any() {
        return scope.any() || missingWhen != null || chunkBy != null;
    }

    /** @throws BackhoeException USAGE, when something is missing or cannot be read */
    Spec spec(SpecFlags flags) {
        var given = flags.overrides(null);
        Spec.Scope meant = meant(given.where());
        var set = new LinkedHashMap<>(given.set());
        String column = scope.column();
        String expression = scope.expression();
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
        Map<String, String> missing = filled == null || missingWhen == null ? Map.of() : Map.of(filled, missingWhen);
        return new Spec(
                new Spec.About(meant.table().name(), null, null, null),
                null,
                meant,
                new Spec.Transform(set, given.fromClause(), given.on(), missing),
                strategy(),
                new Spec.Execution(List.of(), List.of(), List.of()),
                new Spec.Rollback(true));
    }

    private Spec.Scope meant(@Nullable String where) {
        String table = scope.table();
        String from = scope.from();
        String to = scope.to();
        if (table == null) {
            throw usage("Which rows? A file, or --table with --from and --to.");
        }
        if ((from == null) != (to == null)) {
            throw usage("--from and --to belong together.");
        }
        if (from == null && chunkBy != null && chunkBy.isCalendar()) {
            throw usage("--chunk-by " + chunkBy.word() + " needs --from and --to.");
        }
        LocalDateTime start = from == null ? null : read("--from", from, Moment::parse);
        LocalDateTime end = to == null ? null : read("--to", to, Moment::parse);
        if (start != null && end != null && !start.isBefore(end)) {
            throw usage("--to " + to + " is not after --from " + from + ".");
        }
        String dates = scope.dateColumn();
        return new Spec.Scope(
                read("--table", table, TableName::parse),
                dates == null ? null : read("--date-column", dates, ColumnName::parse),
                start,
                end,
                read("--timezone", scope.timezone(), ZoneId::of),
                where,
                null,
                null);
    }

    private Spec.Strategy strategy() {
        var otherwise = Spec.Strategy.DEFAULT;
        return new Spec.Strategy(
                otherwise.type(),
                chunkBy == null ? scope.from() == null ? ChunkBy.AUTO : otherwise.chunkBy() : chunkBy,
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
