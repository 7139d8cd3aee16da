package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.CheckSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.GapSql;
import io.backhoe.database.SourceShape;
import io.backhoe.database.TableFacts;
import io.backhoe.value.RowsInto;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The queries by which the rows that a query yields are compared with those of the table. */
final class GapStatements {
    private static final String PERIODS =
            "unnest(CAST(:starts AS text[]), CAST(:ends AS text[])) WITH ORDINALITY AS period (s, e, place)";

    private final BatchShape shape;
    private final SourceSql rows;
    private final ColumnFacts dates;
    private final TableFacts table;
    private final SourceShape source;

    GapStatements(TableFacts table, BatchShape shape, SourceShape source) {
        this.shape = shape;
        this.table = table;
        this.source = source;
        this.rows = new SourceSql(shape, source);
        this.dates =
                table.column(Objects.requireNonNull(shape.chunkColumn()).name()).orElseThrow();
    }

    GapSql sql() {
        return new GapSql(counts(rows.dates(), rows.targetDates()), map(), source(), empty());
    }

    /** What checks of rows that are changed ask has no meaning here, and is not asked; see {@code QueryRules}. */
    static CheckSql checks(TableFacts table, BatchShape shape, SourceShape source) {
        var gaps = new GapStatements(table, shape, source);
        return new CheckSql(
                gaps.present(),
                gaps.counts(gaps.rows.dates(), gaps.rows.targetDates()),
                Map.of(),
                Map.of(),
                gaps.source(),
                gaps.present(),
                List.of(),
                null,
                null,
                null,
                null,
                List.of());
    }

    private String counts(List<String> dates, List<String> targetDates) {
        return source.into() == null ? keys(dates) : counts(dates, targetDates, source.into());
    }

    /** Of rows with one key one is inserted: they count as one. */
    private String keys(List<String> dates) {
        String keyed = String.join("\n    AND ", rows.keyed());
        String key =
                source.match().stream().map(c -> SourceSql.column(c.name())).collect(Collectors.joining(", "));
        return """
                SELECT count(*) FILTER (WHERE %1$s),
                       count(*) FILTER (WHERE %1$s
                    AND %2$s),
                       CAST(COALESCE(sum(%6$s.backhoe_rows) FILTER (WHERE NOT (%1$s)), 0) AS bigint),
                       0
                FROM (SELECT %3$s, count(*) AS backhoe_rows
                FROM %4$s
                WHERE %5$s
                GROUP BY %3$s) AS %6$s""".formatted(keyed, rows.notThere(), key, rows.rows(), String.join("\n  AND ", dates), SourceSql.NAME);
    }

    private String counts(List<String> dates, List<String> targetDates, RowsInto into) {
        String keyed = String.join("\n    AND ", rows.keyed());
        return """
                SELECT count(*) FILTER (WHERE %1$s),
                       count(*) FILTER (WHERE %1$s
                    AND %2$s),
                       count(*) FILTER (WHERE NOT (%1$s)),
                       %5$s
                FROM %3$s
                WHERE %4$s""".formatted(
                        keyed,
                        rows.notAsYielded(table),
                        rows.rows(),
                        String.join("\n  AND ", dates),
                        into == RowsInto.REPLACE ? surplus(dates, targetDates) : "0");
    }

    private String surplus(List<String> dates, List<String> targetDates) {
        return """
                (SELECT count(*)
                 FROM %s
                 WHERE %s
                   AND NOT EXISTS (SELECT FROM %s
                                   WHERE %s
                                     AND %s))""".formatted(
                        rows.target(),
                        String.join("\n   AND ", targetDates),
                        rows.rows(),
                        String.join("\n     AND ", dates),
                        rows.matches());
    }

    private String map() {
        String column = SourceSql.column(dates.name());
        return """
                SELECT count.expected, count.missing, count.keyless, count.surplus
                FROM %s
                CROSS JOIN LATERAL (
                %s
                ) AS count (expected, missing, keyless, surplus)
                ORDER BY period.place""".formatted(
                        PERIODS, counts(within(column), within(Identifiers.qualified(shape.table(), dates.name()))));
    }

    private List<String> within(String column) {
        return List.of(
                column + " >= CAST(period.s AS " + dates.type() + ")",
                column + " < CAST(period.e AS " + dates.type() + ")");
    }

    private String source() {
        return """
                SELECT %s
                FROM %s
                WHERE %s
                LIMIT CAST(:batch_rows AS bigint)""".formatted(String.join(", ", rows.ordered()), rows.rows(), String.join("\n  AND ", rows.dates()));
    }

    private String present() {
        return """
                SELECT count(*)
                FROM %s
                WHERE %s""".formatted(
                Identifiers.quote(shape.table()),
                String.join("\n  AND ", ShapeSql.dates(dates, Identifiers.qualified(shape.table(), dates.name()))));
    }

    private String empty() {
        String column = Identifiers.qualified(shape.table(), dates.name());
        return """
                SELECT period.place
                FROM %s
                WHERE NOT EXISTS (SELECT FROM %s
                                  WHERE %s)
                ORDER BY period.place""".formatted(PERIODS, Identifiers.quote(shape.table()), String.join(" AND ", within(column)));
    }
}
