package io.backhoe.plan;

import io.backhoe.assess.ChunkColumn;
import io.backhoe.database.BatchParameters;
import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.RangeText;
import io.backhoe.database.Records;
import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Correction;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Key;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares records, which the session has in {@value Records#SCRATCH}, with each other and with the rows of the table. */
final class RecordsInTable {
    private final Database database;
    private final Session session;
    private final Spec spec;
    private final TableFacts table;
    private final Records records;
    private final RecordProblems problems;
    private final List<String> notes = new ArrayList<>();
    private long unknown;
    private long inScope;

    RecordsInTable(
            Database database, Session session, Spec spec, TableFacts table, Records records, RecordProblems problems) {
        this.database = database;
        this.session = session;
        this.spec = spec;
        this.table = table;
        this.records = records;
        this.problems = problems;
    }

    List<String> notes() {
        return notes;
    }

    /** Two records of one key are a problem, also where they say the same: somebody has put the file together wrongly. */
    void duplicates() {
        var values = records.columns().stream()
                .filter(c -> !records.key().contains(c))
                .toList();
        String all = values.isEmpty() ? "'()'" : "CAST(ROW(" + list(values) + ") AS text)";
        var found = session.query(
                "SELECT r.line, r.first, r.said = r.said_first, count(*) OVER () FROM (SELECT " + Records.LINE
                        + " AS line, first_value(" + Records.LINE + ") OVER w AS first, " + all
                        + " AS said, first_value(" + all + ") OVER w AS said_first FROM " + Records.SCRATCH
                        + " WINDOW w AS (PARTITION BY " + list(records.key()) + " ORDER BY " + Records.LINE
                        + ")) AS r WHERE r.line <> r.first ORDER BY r.line LIMIT " + RecordProblems.mostNamed(),
                Map.of());
        note(
                found,
                3,
                row -> row.yes(2)
                        ? "has the key of line " + row.required(1) + ", and says the same"
                        : "has the key of line " + row.required(1) + ", and contradicts it");
    }

    /** Records whose key no row of the table has. */
    void unknown() {
        var found = session.query(
                records.withoutRow(table.name(), RecordProblems.mostNamed()).replace(Records.TABLE, Records.SCRATCH),
                Map.of());
        unknown = found.isEmpty() ? 0 : found.get(0).number(1);
        if (!skipsUnknown()) {
            note(found, 1, row -> "no row of " + table.name() + " has this key");
        } else if (unknown > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d of the records have a key that no row of %s has, and are passed over: %s.",
                    unknown,
                    table.name(),
                    lines(found, unknown)));
        }
    }

    private interface Said {
        String of(Row row);
    }

    private void note(List<Row> found, int total, Said said) {
        found.forEach(row -> problems.keep(row.number(0), said.of(row)));
        problems.count(found.isEmpty() ? 0 : found.get(0).number(total));
    }

    private boolean skipsUnknown() {
        return Objects.requireNonNull(spec.correction()).skipUnknown();
    }

    /** How many of them the rest of the scope leaves; those that it does not are left alone, and noted. */
    void scope() {
        ColumnFacts dates = spec.scope().start() == null
                ? null
                : ChunkColumn.choose(table, spec.scope().dateColumn()).column();
        BatchShape shape = Planner.shape(spec, table, dates, names(records.key()));
        // First, because it tells of a misspelt column in a person's SQL.
        database.verify(session, table, shape);
        inScope = session.query(
                        database.checkSql(table, shape, Set.of()).rows().replace(Records.TABLE, Records.SCRATCH),
                        openEnds(dates))
                .get(0)
                .number(0);
        long known =
                Objects.requireNonNull(Objects.requireNonNull(spec.records()).rows()) - unknown;
        if (inScope < known) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d of the records have a row that is not in scope (scope.where, date_range), which is left alone%s.",
                    known - inScope,
                    spec.requiredTransform().from() == null ? ": " + lines(outside(dates), known - inScope) : ""));
        }
    }

    private List<Row> outside(@Nullable ColumnFacts dates) {
        var scope = new ArrayList<String>();
        if (spec.scope().where() != null) {
            scope.add("(" + spec.scope().where() + "\n)");
        }
        if (dates != null) {
            String column = SqlName.quote(table.name().name()) + "." + SqlName.quote(dates.name());
            scope.add(column + " >= CAST(:chunk_start AS " + dates.type() + ")");
            scope.add(column + " < CAST(:chunk_end AS " + dates.type() + ")");
        }
        return session.query(
                "SELECT " + Records.column(Records.LINE) + " FROM " + Records.SCRATCH + " AS " + Records.ALIAS
                        + " JOIN "
                        + SqlName.quote(table.name()) + " ON " + records.match(table.name())
                        + " WHERE NOT coalesce(" + String.join(" AND ", scope) + ", false) ORDER BY 1 LIMIT "
                        + RecordProblems.mostNamed(),
                openEnds(dates));
    }

    private Map<String, @Nullable String> openEnds(@Nullable ColumnFacts dates) {
        ChunkRange range = dates == null
                ? null
                : RangeText.of(
                        spec.scope().from(),
                        spec.scope().to(),
                        dates,
                        spec.scope().timezone());
        return BatchParameters.of(range);
    }

    /** @throws BackhoeException REFUSED {@code rows_not_expected} */
    void refuseUnexpected() {
        Correction.Expected expected = Objects.requireNonNull(spec.correction()).expected();
        if (expected != null && !expected.holds(inScope)) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "rows_not_expected",
                    String.format(
                            Locale.ROOT,
                            "%,d rows of %s are meant, and correction.expect_rows says %s. Nothing was changed.",
                            inScope,
                            table.name(),
                            expected),
                    "Look at the file and at scope.where; where they are right, correct expect_rows and plan again.");
        }
        notes.add(String.format(
                Locale.ROOT,
                "The records of %s find their rows by %s; %,d rows are meant. A run reads the file once more, and refuses it if"
                        + " a byte of it has changed.",
                Objects.requireNonNull(spec.records()).file(),
                String.join(", ", names(records.key())),
                inScope));
    }

    /** Keys that cut the records into chunks of the wished size. */
    List<Key> cuts() {
        Long wished = spec.strategy().chunkRows();
        String keys = IntStream.rangeClosed(1, records.key().size())
                .mapToObj(i -> "CAST(r.key_" + i + " AS text)")
                .collect(Collectors.joining(", "));
        String named = IntStream.rangeClosed(1, records.key().size())
                .mapToObj(i -> SqlName.quote(records.key().get(i - 1).name()) + " AS key_" + i)
                .collect(Collectors.joining(", "));
        return session
                .query(
                        "SELECT " + keys + " FROM (SELECT " + named + ", row_number() OVER (ORDER BY "
                                + list(records.key()) + ") AS place, count(*) OVER () AS all_rows FROM "
                                + Records.SCRATCH
                                + ") AS r WHERE r.place % CAST(:size AS bigint) = 0 AND r.place < r.all_rows"
                                + " ORDER BY r.place",
                        Map.of("size", Long.toString(wished == null ? AutoChunks.ROWS : Math.max(1, wished))))
                .stream()
                .map(row -> new Key(
                        row.values().stream().map(Objects::requireNonNull).toList()))
                .toList();
    }

    private static String lines(List<Row> some, long all) {
        String named = some.stream().map(row -> row.required(0)).collect(Collectors.joining(", "));
        return (all == 1 ? "line " : "lines ")
                + named
                + (all > some.size() ? String.format(Locale.ROOT, " and %,d more", all - some.size()) : "");
    }

    private static String list(List<ColumnFacts> columns) {
        return columns.stream().map(c -> SqlName.quote(c.name())).collect(Collectors.joining(", "));
    }

    private static List<String> names(List<ColumnFacts> columns) {
        return columns.stream().map(ColumnFacts::name).toList();
    }
}
