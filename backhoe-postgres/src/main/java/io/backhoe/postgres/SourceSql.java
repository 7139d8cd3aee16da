package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.SourceShape;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows that a query yields, as they stand in statements: under the name {@value #NAME}, with the columns that order and
 * identify them in the types of the table, so that both are compared as the table's own.
 */
final class SourceSql {
    static final String NAME = "backhoe_source";

    private final BatchShape shape;
    private final SourceShape source;

    SourceSql(BatchShape shape, SourceShape source) {
        this.shape = shape;
        this.source = source;
    }

    /** For FROM. A cast to the type that a column has already is none, and lets a condition reach into the query. */
    String rows() {
        String columns = source.columns().stream().map(this::typed).collect(Collectors.joining(", "));
        return "(SELECT " + columns + "\n    FROM (" + source.sql() + "\n) AS backhoe_query) AS " + NAME;
    }

    private String typed(String column) {
        String quoted = Identifiers.quote(column);
        String plain = "backhoe_query." + quoted;
        return shape.keyset().stream()
                .filter(c -> c.name().equals(column))
                .findFirst()
                .map(c -> "CAST(" + plain + " AS " + ShapeSql.assigned(c.type()) + ") AS " + quoted)
                .orElse(plain);
    }

    /** The rows of the chunk between two keys, each with a key that tells it from others. */
    List<String> range() {
        var conditions = dates();
        conditions.addAll(between(ordered()));
        conditions.addAll(keyed());
        return conditions;
    }

    /**
     * Those between two keys.
     *
     * @param columns that order the walk, as they are written
     */
    List<String> between(List<String> columns) {
        var keyset = shape.keyset().stream()
                .map(c -> c.as(ShapeSql.assigned(c.type())))
                .toList();
        return new KeyConditions(columns, keyset).all();
    }

    /** The rows of the chunk's dates. */
    List<String> dates() {
        ColumnFacts dates = Objects.requireNonNull(shape.chunkColumn(), "a query of rows without a date column");
        return new ArrayList<>(ShapeSql.dates(dates, column(dates.name())));
    }

    List<String> keyed() {
        return source.match().stream()
                .map(c -> column(c.name()) + " IS NOT NULL")
                .toList();
    }

    /** The columns that order the walk. */
    List<String> ordered() {
        return shape.keyset().stream().map(c -> column(c.name())).toList();
    }

    /** That a row of the query and one of the table are the same. */
    String matches() {
        return matches(source.match().stream());
    }

    /** That they have these columns in common. */
    String matches(Stream<ColumnFacts> columns) {
        return columns.map(c -> Identifiers.qualified(shape.table(), c.name()) + " = " + column(c.name()))
                .collect(Collectors.joining("\n    AND "));
    }

    String target() {
        return Identifiers.quote(shape.table());
    }

    /** The rows of the table that lie in the chunk's dates. */
    List<String> targetDates() {
        ColumnFacts dates = Objects.requireNonNull(shape.chunkColumn(), "a query of rows without a date column");
        return new ArrayList<>(ShapeSql.dates(dates, Identifiers.qualified(shape.table(), dates.name())));
    }

    /** As {@link #range}, of the table. */
    List<String> targetRange() {
        var conditions = targetDates();
        conditions.addAll(between(Identifiers.qualified(shape.table(), shape.keyset())));
        return conditions;
    }

    /** The columns that the query yields, but those that tell its rows apart. */
    List<ColumnFacts> values(TableFacts table) {
        return table.columns(source.columns()).stream()
                .filter(c -> !source.match().contains(c) && !shape.key().contains(c))
                .toList();
    }

    /** That these columns hold what the query yields, as the table would keep it. */
    String same(List<ColumnFacts> columns) {
        return columns.isEmpty()
                ? "true"
                : columns.stream()
                        .map(c -> Images.same(
                                c,
                                Identifiers.qualified(shape.table(), c.name()),
                                "CAST(" + column(c.name()) + " AS " + ShapeSql.assigned(c.type()) + ")"))
                        .collect(Collectors.joining("\n    AND "));
    }

    /** That a row of the chunk's dates holds what the query yields. */
    String notAsYielded(TableFacts table) {
        return "NOT EXISTS (SELECT FROM " + target() + "\n    WHERE " + matches() + "\n    AND "
                + String.join("\n    AND ", targetDates()) + "\n    AND " + same(values(table)) + ")";
    }

    /**
     * As {@link #notThere}, for the few rows of a batch: looked up one by one. A join may be hashed, and then reads all of the
     * table where the statistics expect more rows than a batch has.
     */
    String notFound() {
        return "(SELECT true FROM " + target() + "\n    WHERE " + matches() + "\n    LIMIT 1) IS NULL";
    }

    /** That the table has no such row. */
    String notThere() {
        return "NOT EXISTS (SELECT FROM " + target() + "\n    WHERE " + matches() + ")";
    }

    static String column(String name) {
        return NAME + "." + Identifiers.quote(name);
    }
}
