package io.backhoe.postgres;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.MatchCount;
import io.backhoe.database.NamedSql;
import io.backhoe.database.NewestRows;
import io.backhoe.database.PeriodCount;
import io.backhoe.database.Row;
import io.backhoe.database.ScopeShape;
import io.backhoe.database.ScopeSurvey;
import io.backhoe.database.Session;
import io.backhoe.database.Shown;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;

/** Asks the table itself. A person's own SQL stands in parentheses and is followed by a line break, as in batches. */
final class SurveyedScope implements ScopeSurvey {
    private final Session session;
    private final ScopeShape shape;
    private final String table;
    private final String alias;
    private final Look look;
    private @Nullable Boolean joined;

    SurveyedScope(Session session, ScopeShape shape) {
        this.session = session;
        this.shape = shape;
        this.table = Identifiers.quote(shape.table());
        this.alias = Identifiers.quote(shape.table().name());
        this.look = new Look(
                session,
                shape.range() == null
                        ? Map.of()
                        : Map.of(
                                "start",
                                shape.range().start(),
                                "end",
                                shape.range().end()));
    }

    private ColumnFacts dates() {
        if (shape.date() == null) {
            throw new IllegalStateException("there is no column of dates");
        }
        return shape.date();
    }

    private String date() {
        return Identifiers.qualified(shape.table(), dates().name());
    }

    private String type() {
        return dates().type();
    }

    @Override
    public double cost() {
        String json = session.query("EXPLAIN (FORMAT JSON) " + counted(ALL), look.values()).stream()
                .map(row -> row.required(0))
                .collect(Collectors.joining("\n"));
        return new ObjectMapper()
                .readTree(json)
                .path(0)
                .path("Plan")
                .path("Total Cost")
                .asDouble();
    }

    private String counted(double percent) {
        return "SELECT count(*)\nFROM " + rows(percent) + "\nWHERE " + inRange() + also();
    }

    @Override
    public Shown<List<PeriodCount>> periods(List<String> starts, double percent) {
        if (starts.isEmpty()) {
            return counts(look, "0", percent);
        }
        String array = starts.stream().map(s -> '"' + s + '"').collect(Collectors.joining(",", "{", "}"));
        String period = "width_bucket(CAST(" + date() + " AS " + type() + "), CAST(:starts AS " + type() + "[])) - 1";
        return counts(look.with("starts", array), period, percent);
    }

    private Shown<List<PeriodCount>> counts(Look with, String period, double percent) {
        return with.each(
                """
                        SELECT %s AS period,
                               count(*) AS total,
                               count(*) FILTER (WHERE %s) AS missing
                        FROM %s
                        WHERE %s
                        GROUP BY 1
                        ORDER BY 1""".formatted(period, missing(), rows(percent), inRange() + also()),
                row -> new PeriodCount((int) row.number(0), row.number(1), row.number(2)));
    }

    @Override
    public Shown<Long> undated(double percent) {
        return look.one(
                "SELECT count(*)\nFROM " + rows(percent) + "\nWHERE " + date() + " IS NULL" + also(),
                row -> row.number(0));
    }

    @Override
    public Shown<NewestRows> newest(int rows) {
        return look.with("rows", Integer.toString(rows))
                .one(
                        """
                        SELECT count(*) AS rows,
                               count(*) FILTER (WHERE %s) AS missing,
                               max(%s) AS newest,
                               min(%s) AS oldest,
                               COALESCE(max(%s) > CURRENT_TIMESTAMP - INTERVAL '7 days', false) AS recent
                        FROM (
                            SELECT *
                            FROM %s
                            WHERE %s <= CAST(CURRENT_TIMESTAMP AS %s)
                            ORDER BY %s DESC
                            LIMIT CAST(:rows AS bigint)
                        ) AS %s%s
                        WHERE true%s""".formatted(
                                        missing(), date(), date(), date(), table, date(), type(), date(), alias,
                                        beside(), also()),
                        row -> new NewestRows(row.number(0), row.number(1), row.text(2), row.text(3), row.yes(4)));
    }

    /** A join that can neither add nor show anything is left out of the plan: that is the proof. */
    @Override
    public Shown<Boolean> matchesAtMostOne() {
        String sql = "EXPLAIN (FORMAT JSON, COSTS OFF)\nSELECT 1\nFROM " + table + "\nLEFT JOIN " + from() + "\nON ("
                + shape.on() + "\n)";
        // A list of tables cannot be joined so: then there is no proof, and no error either.
        return works(sql)
                ? look.rows(sql, rows -> rows.stream().noneMatch(SurveyedScope::joins))
                : new Shown<>(false, NamedSql.filledIn(sql, look.values()));
    }

    private static boolean joins(Row row) {
        return row.required(0).contains("\"Join Type\"");
    }

    @Override
    public Shown<MatchCount> matches(int rows, double percent, boolean filled) {
        boolean beside = joined();
        String meant = where() + (filled ? "" : "\n  AND " + missing());
        return look.with("rows", Integer.toString(rows))
                .one(
                        """
                        WITH backhoe_rows AS MATERIALIZED (
                            SELECT row_number() OVER () AS backhoe_row, %s.*
                            FROM %s
                            WHERE %s
                            ORDER BY hashtext(CAST(%s.ctid AS text))
                            LIMIT CAST(:rows AS bigint)
                        ), backhoe_matches AS (
                            SELECT count(*) AS matches
                            FROM backhoe_rows AS %s, %s
                            WHERE (%s
                            )%s
                            GROUP BY %s.backhoe_row
                        )
                        SELECT (SELECT count(*) FROM backhoe_rows) AS rows,
                               %s AS unmatched,
                               count(*) FILTER (WHERE matches > 1) AS several
                        FROM backhoe_matches""".formatted(
                                        alias,
                                        table + sample(percent),
                                        inRange() + (beside ? "" : meant),
                                        alias,
                                        alias,
                                        from(),
                                        shape.on(),
                                        beside ? meant : "",
                                        alias,
                                        beside ? "0" : "(SELECT count(*) FROM backhoe_rows) - count(*)"),
                        row -> new MatchCount(row.number(0), row.number(1), row.number(2)));
    }

    @Override
    public Shown<Long> duplicates(String from, List<String> columns, int most) {
        String list = String.join(", ", columns);
        return look.with("most", Integer.toString(most)).one("""
                        SELECT count(*)
                        FROM (
                            SELECT
                            FROM %s
                            WHERE (%s) IS NOT NULL
                            GROUP BY %s
                            HAVING count(*) > 1
                            LIMIT CAST(:most AS bigint)
                        ) AS duplicates""".formatted(from, list, list), row -> row.number(0));
    }

    private String from() {
        if (shape.from() == null || shape.on() == null) {
            throw new IllegalStateException("nothing is joined");
        }
        return shape.from() + "\n";
    }

    private String rows(double percent) {
        return table + sample(percent) + beside();
    }

    /** The same pages each time, so that who asks again gets the same answer. */
    private static String sample(double percent) {
        return percent >= ALL ? "" : " TABLESAMPLE SYSTEM (" + percent + ") REPEATABLE (1)";
    }

    private String beside() {
        return joined() ? ", " + from() : "";
    }

    private String inRange() {
        return shape.range() == null
                ? "true"
                : date() + " >= CAST(:start AS " + type() + ")\n  AND " + date() + " < CAST(:end AS " + type() + ")";
    }

    private String also() {
        return (joined() ? "\n  AND (" + shape.on() + "\n)" : "") + where();
    }

    private String where() {
        return shape.where() == null ? "" : "\n  AND (" + shape.where() + "\n)";
    }

    private String missing() {
        return shape.missing().stream().collect(Collectors.joining("\n) OR (", "((", "\n))"));
    }

    /** Whether the conditions speak of what is joined: then the rows cannot be counted without the join. */
    private boolean joined() {
        if (joined == null) {
            joined = shape.from() != null && !alone();
        }
        return Objects.requireNonNull(joined);
    }

    private boolean alone() {
        return works("EXPLAIN SELECT FROM " + table + " WHERE " + missing() + where());
    }

    /** Whether the server can make anything of it. */
    private boolean works(String explain) {
        session.execute("SAVEPOINT backhoe_tried");
        try {
            session.query(explain, Map.of());
            session.execute("RELEASE SAVEPOINT backhoe_tried");
            return true;
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.STATEMENT) {
                throw e;
            }
            session.execute("ROLLBACK TO SAVEPOINT backhoe_tried");
            return false;
        }
    }
}
