package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.SourceShape;
import io.backhoe.database.TableFacts;
import io.backhoe.value.RowsInto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements of a batch that makes a stretch of a table what a query yields for it, in one statement; see {@code
 * docs/adr/0022-a-derived-stretch-is-compared-not-emptied.md}.
 */
final class DerivedStatements {
    private final TableFacts table;
    private final BatchShape shape;
    private final SourceShape source;
    private final SourceSql rows;
    private final DerivedImages images;

    DerivedStatements(TableFacts table, BatchShape shape, SourceShape source) {
        this.table = table;
        this.shape = shape;
        this.source = source;
        this.rows = new SourceSql(shape, source);
        this.images = new DerivedImages(table, shape);
    }

    BatchSql sql() {
        return new BatchSql(
                boundary(),
                null,
                write(),
                true,
                images.create(),
                images.index(),
                images.boundary(),
                images.undo(source.into() == RowsInto.REPLACE),
                images.conflicts(),
                images.overwrite());
    }

    /** Over the rows of both: one that only the table has is to be deleted, and lies in a batch like others. */
    String boundary() {
        var conditions = rows.dates();
        conditions.addAll(rows.keyed());
        String both = """
                (SELECT %s
                    FROM %s
                    WHERE %s
                    UNION
                    SELECT %s
                    FROM %s
                    WHERE %s) AS %s""".formatted(
                        String.join(", ", rows.ordered()),
                        rows.rows(),
                        String.join("\n      AND ", conditions),
                        String.join(", ", Identifiers.qualified(shape.table(), shape.keyset())),
                        rows.target(),
                        String.join("\n      AND ", rows.targetDates()),
                        SourceSql.NAME);
        return KeyConditions.counted(rows.ordered(), both, rows.between(rows.ordered()));
    }

    String write() {
        var parts = new ArrayList<String>();
        parts.add("backhoe_rows AS MATERIALIZED (\n" + yielded() + "\n)");
        parts.add("backhoe_was AS MATERIALIZED (\nSELECT " + images.aliased("old_") + "\nFROM " + rows.target()
                + "\nWHERE " + targetRange() + "\n)");
        var kept = new ArrayList<String>();
        if (source.into() == RowsInto.REPLACE) {
            parts.add("backhoe_deleted AS (\n" + delete() + "\n)");
            kept.add("SELECT CAST(:chunk AS integer), " + selected(true, false) + "\nFROM backhoe_deleted");
        }
        if (!set().isEmpty()) {
            parts.add("backhoe_updated AS (\n" + update() + "\n)");
            kept.add("SELECT CAST(:chunk AS integer), " + selected(true, true)
                    + "\nFROM backhoe_updated\nJOIN backhoe_was USING (" + images.keyNames() + ")");
        }
        parts.add("backhoe_inserted AS (\n" + insert() + "\n)");
        kept.add("SELECT CAST(:chunk AS integer), " + selected(false, true) + "\nFROM backhoe_inserted");
        return "WITH " + String.join(", ", parts) + "\nINSERT INTO " + Images.TABLE + " (" + images.columns() + ")\n"
                + String.join("\nUNION ALL\n", kept);
    }

    /** How often a key comes is counted, because a second row of it must not be lost silently. */
    private String yielded() {
        String match = identifying().map(c -> SourceSql.column(c.name())).collect(Collectors.joining(", "));
        return """
                SELECT %s, count(*) OVER (PARTITION BY %s) AS backhoe_times
                FROM %s
                WHERE %s""".formatted(
                        source.columns().stream().map(SourceSql::column).collect(Collectors.joining(", ")),
                        match,
                        rows.rows(),
                        String.join("\n  AND ", rows.range()));
    }

    private String delete() {
        return """
                DELETE FROM %s
                WHERE %s
                  AND NOT EXISTS (SELECT FROM backhoe_rows AS %s
                                  WHERE %s)
                RETURNING %s""".formatted(rows.target(), targetRange(), SourceSql.NAME, rows.matches(), images.aliased("old_"));
    }

    private String update() {
        String assignments = set().stream()
                .map(c -> Identifiers.quote(c.name()) + " = " + SourceSql.column(c.name()))
                .collect(Collectors.joining(",\n    "));
        return """
                UPDATE %s
                SET %s
                FROM backhoe_rows AS %s
                WHERE %s
                  AND %s
                  AND NOT (%s)
                RETURNING %s""".formatted(
                        rows.target(),
                        assignments,
                        SourceSql.NAME,
                        targetRange(),
                        rows.matches(identifying()),
                        rows.same(set()),
                        images.aliased("new_"));
    }

    /** A row that comes twice is inserted in any case, and so refused by the key. */
    private String insert() {
        return """
                INSERT INTO %s (%s)
                SELECT %s
                FROM backhoe_rows AS %s
                WHERE backhoe_times > 1
                   OR NOT EXISTS (SELECT FROM %s
                                  WHERE %s
                                    AND %s)
                RETURNING %s""".formatted(
                        rows.target(),
                        source.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", ")),
                        source.columns().stream().map(SourceSql::column).collect(Collectors.joining(", ")),
                        SourceSql.NAME,
                        rows.target(),
                        targetRange(),
                        rows.matches(identifying()),
                        images.aliased("new_"));
    }

    /** The columns that are updated: all that the query yields but those that tell its rows apart. */
    private List<ColumnFacts> set() {
        return rows.values(table);
    }

    /**
     * The key, and the date where that is not of it: batches end between dates, and whether a row of the table with another date
     * is met must not depend on where they end. Such a row is left to the key, which refuses the query's.
     */
    private Stream<ColumnFacts> identifying() {
        return Stream.concat(
                source.match().stream(),
                shape.keyset().stream().filter(c -> !source.match().contains(c)));
    }

    private String targetRange() {
        return String.join("\n  AND ", rows.targetRange());
    }

    private String selected(boolean was, boolean is) {
        return images.selected(i -> (was ? "old_" + i : "NULL") + ", " + (is ? "new_" + i : "NULL")) + ", " + was + ", "
                + is;
    }
}
