package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.SourceShape;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        Set<String> match = source.match().stream().map(ColumnFacts::name).collect(Collectors.toSet());
        this.unique = table.indexes().stream()
                .anyMatch(i -> i.unique() && Set.copyOf(i.columns()).equals(match));
    }

    BatchSql sql() {
        boolean kept = shape.keepImages();
        return new BatchSql(
                KeyConditions.boundary(rows.ordered(), rows.rows(), rows.range()),
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
                unique ? null : "LOCK TABLE " + target() + " IN SHARE ROW EXCLUSIVE MODE");
    }

    private String target() {
        return Identifiers.quote(shape.table());
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
                        target(),
                        columns,
                        unique ? "" : "DISTINCT ON (" + match + ") ",
                        values,
                        rows.rows(),
                        String.join("\n  AND ", conditions),
                        unique ? "ON CONFLICT (" + names(source.match()) + ") DO NOTHING" : "ORDER BY " + match);
    }

    private String insertThatCaptures() {
        var returned = new ArrayList<String>();
        returned.addAll(aliased(shape.key(), "key_"));
        returned.addAll(aliased(images.kept(), "new_"));
        var selected = new ArrayList<String>();
        for (int i = 1; i <= shape.key().size(); i++) {
            selected.add("key_" + i);
        }
        for (int i = 1; i <= images.kept().size(); i++) {
            selected.add("NULL, new_" + i);
        }
        return """
                WITH backhoe_written AS (
                %s
                RETURNING %s
                )
                INSERT INTO %s (%s)
                SELECT CAST(:chunk AS integer), %s
                FROM backhoe_written""".formatted(
                insert(), String.join(", ", returned), Images.TABLE, images.columns(), String.join(", ", selected));
    }

    private List<String> aliased(List<ColumnFacts> columns, String prefix) {
        var aliased = new ArrayList<String>();
        for (ColumnFacts column : columns) {
            aliased.add(Identifiers.qualified(shape.table(), column.name()) + " AS " + prefix + (aliased.size() + 1));
        }
        return aliased;
    }

    private static String names(List<ColumnFacts> columns) {
        return columns.stream().map(c -> Identifiers.quote(c.name())).collect(Collectors.joining(", "));
    }
}
