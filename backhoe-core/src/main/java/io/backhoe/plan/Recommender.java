package io.backhoe.plan;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessor;
import io.backhoe.assess.ChunkColumn;
import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Recommendation.LeftOut;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.ColumnName;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a spec for a table, from what somebody wants done to it. Writes nothing to the database. Thread-safe. */
public final class Recommender {
    private static final long SMALL = 100_000;

    /** For looking at what is missing. */
    private static final Duration LOOK = Duration.ofSeconds(20);

    private final Database database;
    private final Assessor assessor;

    public Recommender(Database database, Assessor assessor) {
        this.database = database;
        this.assessor = assessor;
    }

    /** @throws BackhoeException when there is no such table or column, or no spec could work on it as it is */
    public Recommendation recommend(Wanted wanted) {
        var settings = Map.of(
                "statement_timeout",
                "60s",
                "lock_timeout",
                "2s",
                "TimeZone",
                wanted.timezone().getId());
        try (var session = database.open("backhoe/init", settings)) {
            ServerFacts server = database.server(session);
            TableFacts table = database.table(session, wanted.table());
            ColumnFacts filled = column(table, wanted.column());
            if (filled.generated()) {
                throw new BackhoeException(
                        ExitCode.REFUSED,
                        "column_generated",
                        "The server computes column " + filled.name() + " of " + table.name()
                                + " by itself: nobody can set it. Nothing was changed.",
                        "Fill the columns that it is computed from.");
            }
            var dates = dates(table, wanted);
            var range = range(session, table, wanted, dates);
            ColumnFacts chunkColumn = range == null ? null : dates;
            Spec spec = spec(wanted, table, filled, chunkColumn, range);
            // Refuses a table that no batch could walk.
            AccessPath.choose(table, BatchShape.Chunks.KEYS, null);
            List<LeftOut> leftOut = range == null ? List.of() : range.leftOut();
            var ranked = new Alternatives(database, session, table, spec, chunkColumn).ranked();
            var ways = assessor.ways(spec, AssessOptions.DEFAULT.within(LOOK));
            String text = new SpecDraft(
                            server,
                            table,
                            filled,
                            database.widths(session, table).image(table.key(), List.of(filled.name())),
                            spec,
                            ranked)
                    .text(ways, leftOut);
            return new Recommendation(spec.about().name(), text, wanted.expression() != null, ranked, ways, leftOut);
        }
    }

    private static ColumnFacts column(TableFacts table, String asked) {
        String name = name(table, asked);
        return table.column(name)
                .orElseThrow(() -> new BackhoeException(
                        ExitCode.USAGE,
                        "column_not_found",
                        "There is no column " + name + " in " + table.name() + ". Nothing was changed.",
                        "Its columns are "
                                + table.columns().stream()
                                        .map(ColumnFacts::name)
                                        .collect(Collectors.joining(", "))
                                + "; a new one is added first: ALTER TABLE " + SqlName.quote(table.name())
                                + " ADD COLUMN " + SqlName.quote(name) + " text;"));
    }

    /** As SQL writes it ({@code "N"}), or, because shells eat quotes, as the table has it ({@code N}). */
    private static String name(TableFacts table, String asked) {
        if (table.column(asked).isPresent()) {
            return asked;
        }
        try {
            return ColumnName.parse(asked);
        } catch (IllegalArgumentException e) {
            return asked;
        }
    }

    private static @Nullable ColumnFacts dates(TableFacts table, Wanted wanted) {
        boolean none = table.columns().stream().allMatch(c -> c.kind() == ColumnFacts.Kind.OTHER);
        return none && wanted.dateColumn() == null && wanted.from() == null
                ? null
                : ChunkColumn.choose(table, wanted.dateColumn() == null ? null : name(table, wanted.dateColumn()))
                        .column();
    }

    private record Range(LocalDateTime from, LocalDateTime to, List<LeftOut> leftOut) {}

    /** As asked for, else all there is; null for all rows, where to look for dates would read the whole table. */
    private static @Nullable Range range(
            Session session, TableFacts table, Wanted wanted, @Nullable ColumnFacts dates) {
        LocalDateTime from = wanted.from();
        LocalDateTime to = wanted.to();
        if (dates == null || (from == null && to == null && !AccessPath.reaches(table, dates))) {
            return null;
        }
        List<LeftOut> leftOut = List.of();
        if (from == null || to == null) {
            var proposed = new ProposedRange(session, table, dates);
            var found = proposed.find(from == null, to == null);
            if (found == null) {
                return null;
            }
            leftOut = proposed.leftOut();
            from = from == null ? found.from().atStartOfDay() : from;
            to = to == null ? found.to().atStartOfDay() : to;
        }
        if (!from.isBefore(to)) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "range_empty",
                    "The range from " + from + " to " + to + " of " + dates.name() + " holds nothing.",
                    "Give --from and --to; the end does not belong to the range.");
        }
        return new Range(from, to, leftOut);
    }

    private static Spec spec(
            Wanted wanted, TableFacts table, ColumnFacts filled, @Nullable ColumnFacts dates, @Nullable Range range) {
        String name = wanted.name() == null ? table.name().name() + "_" + filled.name() : wanted.name();
        return new Spec(
                new Spec.About(name, null, null, null),
                null,
                new Spec.Scope(
                        table.name(),
                        dates == null ? null : dates.name(),
                        range == null ? null : range.from(),
                        range == null ? null : range.to(),
                        wanted.timezone(),
                        wanted.where(),
                        null,
                        null),
                new Spec.Transform(
                        Map.of(filled.name(), wanted.expression() == null ? "" : wanted.expression()),
                        wanted.fromClause(),
                        wanted.on(),
                        Map.of()),
                new Spec.Strategy("incremental", ChunkBy.AUTO, null, table.estimatedRows() < SMALL ? 1 : 2, true, 10),
                new Spec.Execution(List.of(), List.of(), List.of()),
                new Spec.Rollback(true));
    }
}
