package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The statements of batches whose rows are given to a function: a backfill by join like any other, with a table of what the function
 * has made of them; see {@code docs/adr/0019-rows-come-back-by-a-join.md}.
 */
final class GivenRows {
    private static final String RESULTS = "pg_temp.backhoe_result_" + BatchSql.RUN;
    private static final String RESULT = "backhoe_result";

    private final BatchShape shape;
    private final List<ColumnFacts> reads;
    private final ShapeSql sql;
    private final Images images;

    private GivenRows(BatchShape shape, Map<String, ColumnFacts> facts, List<ColumnFacts> reads) {
        this.shape = shape;
        this.reads = reads;
        this.sql = new ShapeSql(shape, facts);
        this.images = new Images(shape, facts, sql.target());
    }

    static BatchSql of(ServerFacts server, TableFacts table, BatchShape shape, List<ColumnFacts> reads) {
        Map<String, ColumnFacts> facts = table.columnsByName();
        var rows = new GivenRows(shape, facts, reads);
        return BatchStatements.of(server, table, rows.joined())
                .giving(new BatchSql.Given(rows.results(), rows.read(), rows.types(), rows.copy()));
    }

    /** What comes back, joined by the key, of rows whose values are those that were read. */
    private BatchShape joined() {
        var set = new LinkedHashMap<String, String>();
        for (int i = 1; i <= images.set().size(); i++) {
            String column = images.set().get(i - 1).name();
            String value = RESULT + ".backhoe_new_" + i;
            set.put(
                    column,
                    images.set().size() == 1
                            ? value
                            : "CASE WHEN " + RESULT + ".backhoe_sets_" + i + " THEN " + value + " ELSE "
                                    + Identifiers.qualified(shape.table(), column) + " END");
        }
        var on = new ArrayList<String>();
        for (int i = 1; i <= shape.key().size(); i++) {
            on.add(images.current(shape.key().get(i - 1)) + " = " + RESULT + ".backhoe_key_" + i);
        }
        for (int i = 1; i <= reads.size(); i++) {
            on.add(text(reads.get(i - 1)) + " COLLATE \"C\" IS NOT DISTINCT FROM " + RESULT + ".backhoe_was_" + i);
        }
        return new BatchShape(
                shape.table(),
                shape.chunks(),
                shape.chunkColumn(),
                shape.keyset(),
                shape.key(),
                set,
                RESULTS + " AS " + RESULT,
                String.join("\n  AND ", on),
                shape.where(),
                shape.preserveExisting(),
                shape.missingWhen(),
                shape.keepImages());
    }

    private String results() {
        var columns = new ArrayList<String>();
        for (int i = 1; i <= shape.key().size(); i++) {
            columns.add(images.typed(shape.key().get(i - 1)) + " AS backhoe_key_" + i);
        }
        for (int i = 1; i <= reads.size(); i++) {
            columns.add("CAST(NULL AS text) AS backhoe_was_" + i);
        }
        for (int i = 1; i <= images.set().size(); i++) {
            columns.add("true AS backhoe_sets_" + i);
            columns.add(images.typed(images.set().get(i - 1)) + " AS backhoe_new_" + i);
        }
        return """
                CREATE TEMPORARY TABLE IF NOT EXISTS %s ON COMMIT DELETE ROWS AS
                SELECT %s
                FROM %s
                WITH NO DATA""".formatted(RESULTS, String.join(",\n       ", columns), Identifiers.quote(shape.table()));
    }

    private String read() {
        return """
                SELECT %s
                FROM %s
                WHERE %s""".formatted(
                        all().map(this::text).collect(Collectors.joining(",\n       ")),
                        sql.target(),
                        String.join("\n  AND ", sql.conditions()));
    }

    private List<String> types() {
        return all().map(ColumnFacts::type).toList();
    }

    private Stream<ColumnFacts> all() {
        return Stream.concat(shape.key().stream(), reads.stream());
    }

    private String copy() {
        var columns = Stream.of(
                        numbered(shape.key().size(), i -> Stream.of("backhoe_key_" + i)),
                        numbered(reads.size(), i -> Stream.of("backhoe_was_" + i)),
                        numbered(images.set().size(), i -> Stream.of("backhoe_sets_" + i, "backhoe_new_" + i)))
                .flatMap(each -> each)
                .collect(Collectors.joining(", "));
        return "COPY " + RESULTS + " (" + columns + ") FROM STDIN";
    }

    private static Stream<String> numbered(int most, IntFunction<Stream<String>> names) {
        return IntStream.rangeClosed(1, most).mapToObj(names).flatMap(each -> each);
    }

    /** The same text whatever the session's {@code bytea_output} is. */
    private String text(ColumnFacts column) {
        String value = images.current(column);
        return column.type().equals("bytea")
                ? "('\\x' || encode(" + value + ", 'hex'))"
                : "CAST(" + value + " AS text)";
    }
}
