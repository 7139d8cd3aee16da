package io.backhoe.plan;

import io.backhoe.database.ArrayText;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Records;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings a file of records into tables of the session's own: as texts, and from there as what the server makes of them, in
 * {@value Records#SCRATCH}. Confined to one thread, like the session.
 */
final class RecordsLoad implements RecordsFile.Sink {
    private static final String TEXTS = "pg_temp.backhoe_csv";
    private static final int ROWS_A_STATEMENT = 5_000;
    private static final long CHARACTERS_A_STATEMENT = 4 << 20;

    private record Line(long number, List<@Nullable String> values) {}

    private final Session session;
    private final TableFacts table;
    private final Records records;
    private final List<Line> waiting = new ArrayList<>();

    /** Where in a line of the file each of the columns stands; known from its header on. */
    private List<Integer> places = List.of();

    private long rows;

    /** Of the lines that wait. */
    private long characters;

    RecordsLoad(Session session, TableFacts table, Records records) {
        this.session = session;
        this.table = table;
        this.records = records;
    }

    /** Makes the tables anew, without rows. */
    void begin() {
        try {
            session.execute("DROP TABLE IF EXISTS " + Records.SCRATCH + ", " + TEXTS);
            session.execute("CREATE TABLE " + TEXTS + " (" + Records.LINE + " bigint PRIMARY KEY, "
                    + records.columns().stream()
                            .map(c -> SqlName.quote(c.name()) + " text")
                            .collect(Collectors.joining(", "))
                    + ")");
            // The cast takes a domain down to its type, and keeps the collation of the table's column.
            session.execute(
                    "CREATE TABLE " + Records.SCRATCH + " AS SELECT CAST(NULL AS bigint) AS " + Records.LINE + ", "
                            + records.columns().stream().map(this::typed).collect(Collectors.joining(", ")) + " FROM "
                            + SqlName.quote(table.name()) + " WITH NO DATA");
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.PERMISSION) {
                throw e;
            }
            throw new BackhoeException(
                    ExitCode.UNREACHABLE,
                    "rights_missing",
                    "The role may not make temporary tables, into which the records of a file are read: "
                            + e.getMessage() + ". Nothing was changed.",
                    "Have the owner of the database run: GRANT TEMPORARY ON DATABASE ... TO ...;",
                    e);
        }
    }

    private String typed(ColumnFacts column) {
        String name = SqlName.quote(column.name());
        String value = table.column(column.name()).isPresent()
                ? SqlName.quote(table.name().name()) + "." + name
                : "NULL";
        return "CAST(" + value + " AS " + column.type() + ") AS " + name;
    }

    @Override
    public void header(List<String> names) {
        var known = names.stream().map(n -> RecordsHeader.named(table, n)).toList();
        places = records.columns().stream().map(c -> known.indexOf(c.name())).toList();
    }

    @Override
    public void row(long line, List<@Nullable String> values) {
        rows++;
        waiting.add(new Line(line, values));
        for (String value : values) {
            characters += value == null ? 0 : value.length();
        }
        if (waiting.size() == ROWS_A_STATEMENT || characters > CHARACTERS_A_STATEMENT) {
            flush();
        }
    }

    /** How many records there were. */
    long rows() {
        return rows;
    }

    /** Writes what is left. */
    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        var parameters = new HashMap<String, String>();
        parameters.put("lines", ArrayText.of(waiting, l -> Long.toString(l.number())));
        for (int i = 0; i < places.size(); i++) {
            int place = places.get(i);
            parameters.put(
                    "values_" + (i + 1), ArrayText.of(waiting, l -> l.values().get(place)));
        }
        session.update(
                "INSERT INTO " + TEXTS + " SELECT * FROM unnest(CAST(:lines AS bigint[]), "
                        + IntStream.rangeClosed(1, places.size())
                                .mapToObj(i -> "CAST(:values_" + i + " AS text[])")
                                .collect(Collectors.joining(", "))
                        + ")",
                parameters);
        waiting.clear();
        characters = 0;
    }

    /** Has the server read the texts, but those of some lines, and drops them. */
    void convert(List<Long> but) {
        String names =
                records.columns().stream().map(c -> SqlName.quote(c.name())).collect(Collectors.joining(", "));
        session.update(
                "INSERT INTO " + Records.SCRATCH + " (" + Records.LINE + ", " + names + ") SELECT " + Records.LINE
                        + ", "
                        + records.columns().stream().map(RecordsLoad::read).collect(Collectors.joining(", ")) + " FROM "
                        + TEXTS + " WHERE " + Records.LINE + " <> ALL (CAST(:but AS bigint[]))",
                Map.of("but", ArrayText.of(but, l -> Long.toString(l))));
        session.execute("DROP TABLE " + TEXTS);
        session.execute("ANALYZE " + Records.SCRATCH);
    }

    /** The first and the last line that has a record. */
    long[] lines() {
        var row = session.query(
                        "SELECT coalesce(min(" + Records.LINE + "), 0), coalesce(max(" + Records.LINE + "), 0) FROM "
                                + TEXTS,
                        Map.of())
                .get(0);
        return new long[] {row.number(0), row.number(1)};
    }

    /** The lines in which a column has nothing, in order. */
    List<Long> empty(ColumnFacts column, int most) {
        return session
                .query(
                        "SELECT " + Records.LINE + " FROM " + TEXTS + " WHERE " + SqlName.quote(column.name())
                                + " IS NULL ORDER BY 1 LIMIT " + most,
                        Map.of())
                .stream()
                .map(row -> row.number(0))
                .toList();
    }

    /** Why the server cannot read what stands in a column of some lines; null when it can. Keeps nothing. */
    @Nullable
    DatabaseException refusal(ColumnFacts column, long from, long to) {
        session.begin(Session.Isolation.READ_COMMITTED);
        try {
            session.update(
                    "INSERT INTO " + Records.SCRATCH + " (" + SqlName.quote(column.name()) + ") SELECT " + read(column)
                            + " FROM " + TEXTS + " WHERE " + Records.LINE
                            + " BETWEEN CAST(:from AS bigint) AND CAST(:to AS bigint)",
                    Map.of("from", Long.toString(from), "to", Long.toString(to)));
            return null;
        } catch (DatabaseException e) {
            // The statement is ours: what the server does not understand, or finds nothing of that name, stands in a
            // value.
            if (e.kind() != ErrorKind.BAD_ROW && e.kind() != ErrorKind.STATEMENT) {
                throw e;
            }
            return e;
        } finally {
            session.rollback();
        }
    }

    /** A cast to a type with a length cuts silently; an assignment refuses. */
    private static String read(ColumnFacts column) {
        String name = SqlName.quote(column.name());
        String type = column.type();
        if (type.equals("text") || type.startsWith("character")) {
            return name;
        }
        return "CAST(" + name + " AS " + (type.startsWith("bit") ? "bit varying" : type) + ")";
    }
}
