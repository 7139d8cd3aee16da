package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.SourceShape;
import io.backhoe.database.TableFacts;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements of a batch that inserts the rows which the table lacks; see {@code
 * docs/adr/0018-a-gap-is-walked-by-the-rows-to-be.md}.
 */
final class InsertStatements {
    private final BatchShape shape;
    private final SourceShape source;
    private final SourceSql rows;
    private final InsertedImages images;
    private final boolean unique;

    InsertStatements(TableFacts table, BatchShape shape, SourceShape source) {
        this.shape = shape;
        this.source = source;
        this.rows = new SourceSql(shape, source);
        this.images = new InsertedImages(table, shape);
        this.unique = table.uniqueOver(
                        source.match().stream().map(ColumnFacts::name).toList())
                .isPresent();
    }

    BatchSql sql() {
        boolean kept = shape.keepImages();
        return new BatchSql(
                KeyConditions.counted(rows.ordered(), rows.rows(), rows.range()),
                null,
                kept ? insertThatCaptures() : insert(),
                false,
                kept ? images.create() : null,
                kept ? images.index() : null,
                kept ? images.boundary() : null,
                kept ? images.undo() : null,
                kept ? images.conflicts() : null,
                kept ? images.overwrite() : null,
                null,
                null,
                unique ? null : "LOCK TABLE " + rows.target() + " IN SHARE ROW EXCLUSIVE MODE");
    }

    /** Where no unique index keeps one of two equal rows out, the query's own are told apart here. */
    String insert() {
        String columns = source.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", "));
        String values = source.columns().stream().map(SourceSql::column).collect(Collectors.joining(", "));
        String match =
                source.match().stream().map(c -> SourceSql.column(c.name())).collect(Collectors.joining(", "));
        var conditions = rows.range();
        conditions.add(rows.notFound());
        return """
                INSERT INTO %s (%s)
                SELECT %s%s
                FROM %s
                WHERE %s
                %s""".formatted(
                        rows.target(),
                        columns,
                        unique ? "" : "DISTINCT ON (" + match + ") ",
                        values,
                        rows.rows(),
                        String.join("\n  AND ", conditions),
                        unique ? "ON CONFLICT (" + names(source.match()) + ") DO NOTHING" : "ORDER BY " + match);
    }

    private String insertThatCaptures() {
        return """
                WITH backhoe_written AS (
                %s
                RETURNING %s
                )
                INSERT INTO %s (%s)
                SELECT CAST(:chunk AS integer), %s
                FROM backhoe_written""".formatted(
                        insert(),
                        images.aliased("new_"),
                        Images.TABLE,
                        images.columns(),
                        images.selected(i -> "NULL, new_" + i));
    }

    private static String names(List<ColumnFacts> columns) {
        return columns.stream().map(c -> Identifiers.quote(c.name())).collect(Collectors.joining(", "));
    }
}
