package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The statements around a function that does the work of a batch; see {@code
 * docs/adr/0008-a-function-is-called-between-two-looks.md}.
 */
final class CallStatements {
    /** A table of the session's own, empty after each transaction. */
    private static final String SCRATCH = "pg_temp.backhoe_was_" + BatchSql.RUN;

    /**
     * A version that this transaction wrote, in a subtransaction too: those have later numbers than it. The snapshot shows nothing
     * of others that began after it did. So far behind lies what was written, of versions so old that their number comes round.
     */
    private static final int OLDEST_OURS = -100_000_000;

    private final BatchShape shape;
    private final ShapeSql sql;
    private final Images images;

    private CallStatements(BatchShape shape, Map<String, ColumnFacts> facts) {
        this.shape = shape;
        this.sql = new ShapeSql(shape, facts);
        this.images = new Images(shape, facts, sql.target());
    }

    static BatchSql of(TableFacts table, BatchShape shape) {
        Map<String, ColumnFacts> facts = table.columnsByName();
        var statements = new CallStatements(shape, facts);
        boolean kept = shape.keepImages();
        return new BatchSql(
                KeyConditions.boundary(
                        Identifiers.qualified(shape.table(), shape.keyset()),
                        statements.sql.target(),
                        statements.sql.walked()),
                statements.capture(),
                statements.keep(),
                true,
                kept ? statements.images.create() : null,
                kept ? statements.images.index() : null,
                kept ? statements.images.boundary() : null,
                kept ? statements.images.undo() : null,
                kept ? statements.images.conflicts() : null,
                kept ? statements.images.overwrite() : null,
                statements.call());
    }

    private BatchSql.Call call() {
        return new BatchSql.Call(scratch(), sql.target(), String.join("\n  AND ", sql.conditions()));
    }

    private String scratch() {
        var columns = new ArrayList<String>();
        for (int i = 1; i <= keys(); i++) {
            columns.add(images.typed(shape.key().get(i - 1)) + " AS key_" + i);
        }
        for (int i = 1; i <= values(); i++) {
            columns.add(images.typed(images.set().get(i - 1)) + " AS old_" + i);
            columns.add("true AS may_" + i);
        }
        return """
                CREATE TEMPORARY TABLE IF NOT EXISTS %s ON COMMIT DELETE ROWS AS
                SELECT %s
                FROM %s
                WITH NO DATA""".formatted(SCRATCH, String.join(",\n       ", columns), Identifiers.quote(shape.table()));
    }

    /** Every row of the range, also those that are not to be changed: that they were not is seen afterwards. */
    private String capture() {
        var values = new ArrayList<>(Identifiers.qualified(shape.table(), shape.key()));
        images.set().forEach(column -> {
            values.add(images.current(column));
            values.add(sql.mayChange(column.name()));
        });
        return """
                INSERT INTO %s (%s)
                SELECT %s
                FROM %s
                WHERE %s""".formatted(
                        SCRATCH,
                        columns(),
                        String.join(",\n       ", values),
                        sql.target(),
                        String.join("\n  AND ", sql.range()));
    }

    private String keep() {
        return """
                WITH backhoe_now AS MATERIALIZED (
                SELECT %s
                FROM %s AS backhoe_was
                LEFT JOIN %s
                  ON %s
                )%s
                SELECT count(*) FILTER (WHERE %s),
                       count(*) FILTER (WHERE %s),
                       count(*) FILTER (WHERE gone),
                       count(*) FILTER (WHERE ours)
                FROM backhoe_now""".formatted(
                        String.join(",\n       ", compared()),
                        SCRATCH,
                        sql.target(),
                        String.join("\n  AND ", joined()),
                        shape.keepImages() ? kept() : "",
                        any("differs_%d"),
                        any("(differs_%1$d AND NOT may_%1$d)"));
    }

    private List<String> compared() {
        var values = new ArrayList<String>();
        IntStream.rangeClosed(1, keys()).forEach(i -> values.add("backhoe_was.key_" + i));
        String key = images.current(shape.key().get(0));
        for (int i = 1; i <= values(); i++) {
            ColumnFacts column = images.set().get(i - 1);
            String now = images.current(column);
            values.add("backhoe_was.old_" + i + ", backhoe_was.may_" + i + ", " + now + " AS new_" + i);
            values.add(key + " IS NOT NULL AND NOT (" + Images.same(column, "backhoe_was.old_" + i, now)
                    + ") AS differs_" + i);
        }
        values.add(key + " IS NULL AS gone");
        values.add(
                "age(" + Identifiers.qualified(shape.table(), "xmin") + ") BETWEEN " + OLDEST_OURS + " AND 0 AS ours");
        return values;
    }

    /** The range is there for the server's sake: it reaches the rows by the index that the batch is walked by. */
    private List<String> joined() {
        var conditions = new ArrayList<>(sql.range());
        for (int i = 1; i <= keys(); i++) {
            conditions.add(images.current(shape.key().get(i - 1)) + " = backhoe_was.key_" + i);
        }
        return conditions;
    }

    private String kept() {
        return """
                , backhoe_kept AS (
                INSERT INTO %s (%s)
                SELECT CAST(:chunk AS integer), %s
                FROM backhoe_now
                WHERE %s
                )""".formatted(
                Images.TABLE, images.columns(), images.columns().replaceFirst("^chunk, ", ""), any("differs_%d"));
    }

    /** The columns of the scratch table. */
    private String columns() {
        return Stream.concat(
                        IntStream.rangeClosed(1, keys()).mapToObj(i -> "key_" + i),
                        IntStream.rangeClosed(1, values()).mapToObj(i -> "old_" + i + ", " + "may_" + i))
                .collect(Collectors.joining(", "));
    }

    private String any(String condition) {
        return IntStream.rangeClosed(1, values())
                .mapToObj(i -> condition.formatted(i))
                .collect(Collectors.joining(" OR "));
    }

    private int keys() {
        return shape.key().size();
    }

    private int values() {
        return images.set().size();
    }
}
