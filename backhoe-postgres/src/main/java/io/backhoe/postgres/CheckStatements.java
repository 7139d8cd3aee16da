package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.CheckSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The queries of checks: what {@link BatchStatements} is to batches. */
final class CheckStatements {
    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "real", "double precision", "numeric");

    /** Enough of a value to tell it from others. */
    private static final int LONGEST = 200;

    private static final String PAGES = """
            backhoe_image.ctid >= CAST('(' || CAST(:first_page AS text) || ',0)' AS tid)
              AND backhoe_image.ctid < CAST('(' || CAST(:end_page AS text) || ',0)' AS tid)""";

    private final TableFacts table;
    private final BatchShape shape;
    private final ShapeSql sql;
    private final Map<String, ColumnFacts> facts;
    private final List<String> set;

    private CheckStatements(TableFacts table, BatchShape shape) {
        this.table = table;
        this.shape = shape;
        this.facts = table.columnsByName();
        this.sql = new ShapeSql(shape, facts);
        this.set = List.copyOf(shape.set().keySet());
    }

    /** @param mayChange columns besides those that are set that a batch may change */
    static CheckSql of(TableFacts table, BatchShape shape, Set<String> mayChange) {
        var of = new CheckStatements(table, shape);
        var others = table.columns().stream()
                .filter(c -> !c.generated() && !shape.set().containsKey(c.name()) && !mayChange.contains(c.name()))
                .map(ColumnFacts::name)
                .toList();
        var missing = new LinkedHashMap<String, String>();
        var lacking = new LinkedHashMap<String, String>();
        of.set.forEach(column -> {
            missing.put(column, of.missing(column));
            lacking.put(column, of.lacking(column));
        });
        return new CheckSql(
                of.rows(),
                of.meant(),
                missing,
                lacking,
                of.sample(),
                of.untouched(others),
                others,
                shape.from() == null ? null : "SELECT EXISTS (SELECT FROM " + shape.from() + "\n)",
                of.newest(">="),
                of.newest("<"),
                shape.keepImages() ? of.images() : null,
                of.set.stream().filter(of::isNumber).toList());
    }

    private String rows() {
        return "SELECT count(*)\nFROM " + sql.ranged() + "\nWHERE " + scope(sql.range());
    }

    private String meant() {
        String conditions = String.join("\n  AND ", sql.conditions());
        return shape.from() == null
                ? "SELECT count(*)\nFROM " + sql.ranged() + "\nWHERE " + conditions
                : "SELECT count(*)\nFROM (\nSELECT DISTINCT "
                        + String.join(", ", Identifiers.qualified(shape.table(), shape.key())) + "\nFROM "
                        + sql.ranged() + ", " + shape.from() + "\nWHERE " + conditions + "\n) AS backhoe_meant";
    }

    /** The rows of the range that are meant. A condition may speak of what is joined, so it is asked of the match. */
    private String scope(List<String> range) {
        var conditions = new ArrayList<>(range);
        String where = shape.where();
        if (where != null) {
            conditions.add(
                    shape.from() == null
                            ? ShapeSql.enclosed(where)
                            : "EXISTS (SELECT FROM " + shape.from() + "\n  WHERE " + on() + "\n    AND "
                                    + ShapeSql.enclosed(where) + ")");
        }
        return String.join("\n  AND ", conditions);
    }

    private String on() {
        @Nullable String on = shape.on();
        return on == null ? "true" : ShapeSql.enclosed(on);
    }

    /** As {@link #on}, and by its record where records name the rows. */
    private String matches() {
        return shape.records() == null ? on() : shape.records().match(shape.table()) + " AND " + on();
    }

    private String sample() {
        return "SELECT " + texts() + "\nFROM " + sql.ranged() + "\nWHERE " + scope(sql.range())
                + "\n  AND hashtextextended(CAST(ROW("
                + String.join(", ", Identifiers.qualified(shape.table(), shape.key()))
                + ") AS text), 0) % CAST(:every AS bigint) = 0\nLIMIT CAST(:batch_rows AS bigint)";
    }

    private String missing(String column) {
        String expression = ShapeSql.enclosed(Objects.requireNonNull(shape.set().get(column)));
        String unmatched = shape.from() == null
                ? "0"
                : "count(*) FILTER (WHERE NOT EXISTS (SELECT FROM " + shape.from() + "\n  WHERE " + on() + "))";
        String yieldsNull = shape.from() == null
                ? "count(*) FILTER (WHERE " + expression + " IS NULL)"
                : "count(*) FILTER (WHERE EXISTS (SELECT FROM " + shape.from() + "\n  WHERE " + on() + "\n    AND "
                        + expression + " IS NULL))";
        return "SELECT count(*),\n       " + unmatched + ",\n       " + yieldsNull + "\nFROM " + sql.ranged()
                + "\nWHERE " + scope(sql.range()) + "\n  AND " + lacks(column);
    }

    /** For people: without the bounds that only a walk needs. */
    private String lacking(String column) {
        var conditions = sql.chosen();
        String scope = scope(conditions);
        return "SELECT " + String.join(", ", Identifiers.qualified(shape.table(), shape.key())) + "\nFROM "
                + sql.ranged() + "\nWHERE " + (scope.isEmpty() ? "" : scope + "\n  AND ") + lacks(column)
                + "\nLIMIT 100";
    }

    private String lacks(String column) {
        String isNull = Identifiers.qualified(shape.table(), column) + " IS NULL";
        return sql.missingIsNull(column) ? isNull : "(" + sql.missing(column) + "\n   OR " + isNull + ")";
    }

    private String texts() {
        return set.stream()
                .map(c -> "left(CAST(" + Identifiers.qualified(shape.table(), c) + " AS text), " + LONGEST + ")")
                .collect(Collectors.joining(", "));
    }

    /** A sum does not care for the order of rows; the key in each makes it notice values that change places. */
    private String untouched(List<String> others) {
        String key = shape.key().stream()
                .map(c -> "CAST(" + Identifiers.qualified(shape.table(), c.name()) + " AS text)")
                .collect(Collectors.joining(", "));
        String digests = others.stream()
                .map(c -> Identifiers.qualified(shape.table(), c))
                .map(c -> ",\n       sum(CAST(hashtextextended(CAST(ROW(" + key + ", CAST(" + c
                        + " AS text)) AS text), 0) AS numeric))")
                .collect(Collectors.joining());
        return "SELECT count(*)" + digests + "\nFROM " + sql.ranged() + "\nWHERE "
                + String.join("\n  AND ", sql.range());
    }

    /**
     * Of rows in which any column that is set is filled. What has few of those is not walked to its end for them.
     *
     * @param side of {@code :bound} on which they are
     */
    private @Nullable String newest(String side) {
        ColumnFacts dates = shape.chunkColumn();
        if (dates == null) {
            return null;
        }
        String column = Identifiers.qualified(shape.table(), dates.name());
        return """
                SELECT %s
                FROM (
                    SELECT *
                    FROM %s
                    WHERE %s %s CAST(:bound AS %s)
                    ORDER BY %s DESC
                    LIMIT CAST(:looked_at AS bigint)
                ) AS %s
                WHERE NOT (%s)
                ORDER BY %s DESC
                LIMIT CAST(:batch_rows AS bigint)""".formatted(
                        texts(),
                        Identifiers.quote(shape.table()),
                        column,
                        side,
                        dates.type(),
                        column,
                        Identifiers.quote(shape.table().name()),
                        set.stream().map(this::lacks).collect(Collectors.joining(" AND ")),
                        column);
    }

    private CheckSql.Images images() {
        String pages = "SELECT pg_relation_size(CAST('" + Images.TABLE
                + "' AS regclass)) / CAST(current_setting('block_size') AS bigint)";
        String written = IntStream.rangeClosed(1, set.size())
                .mapToObj(i -> "left(CAST(backhoe_image.new_" + i + " AS text), " + LONGEST + ")")
                .collect(Collectors.joining(", "));
        String of = "\nFROM " + Images.TABLE + " AS backhoe_image\nWHERE " + PAGES;
        return new CheckSql.Images(pages, "SELECT count(*)" + of, compare(), "SELECT " + written + of);
    }

    /**
     * The row as it was stands under the table's own name, so that the expressions are computed on that. What the server
     * generates is generated anew of it: the row that is there has it of what was written.
     */
    private String compare() {
        var was = new ArrayList<String>();
        var kept = new ArrayList<String>();
        for (ColumnFacts column : table.columns()) {
            int place = set.indexOf(column.name()) + 1;
            String name = Identifiers.quote(column.name());
            String madeOf = column.madeOf();
            was.add(
                    madeOf == null
                            ? "backhoe_was." + name
                            : "CAST(" + ShapeSql.enclosed(madeOf) + " AS " + column.type() + ") AS " + name);
            if (madeOf == null) {
                kept.add(place == 0 ? "backhoe_row." + name : "backhoe_image.old_" + place + " AS " + name);
            }
        }
        for (int i = 1; i <= set.size(); i++) {
            kept.add("CAST(backhoe_image.new_" + i + " AS text) AS backhoe_new_" + i);
            kept.add("CAST(backhoe_row." + Identifiers.quote(set.get(i - 1)) + " AS text) AS backhoe_now_" + i);
            was.add("backhoe_new_" + i + ", backhoe_now_" + i);
        }
        String keys = IntStream.rangeClosed(1, shape.key().size())
                .mapToObj(i -> "backhoe_row."
                        + Identifiers.quote(shape.key().get(i - 1).name()) + " = backhoe_image.key_" + i)
                .collect(Collectors.joining(" AND "));
        String expected = IntStream.rangeClosed(1, set.size())
                .mapToObj(i -> "CAST(CAST(" + sql.value(set.get(i - 1)) + " AS "
                        + Objects.requireNonNull(facts.get(set.get(i - 1))).type() + ") AS text) AS backhoe_is_" + i)
                .collect(Collectors.joining(", "));
        String matched =
                shape.sources() == null ? "" : "\n        FROM " + shape.sources() + "\n        WHERE " + matches();
        String row = Identifiers.quote(shape.table().name());
        return """
                SELECT %s.backhoe_chunk, count(*),
                       count(*) FILTER (WHERE %s),
                       count(*) FILTER (WHERE NOT (%s) AND backhoe_found IS NULL),
                       count(*) FILTER (WHERE NOT (%s) AND backhoe_found AND (%s))
                FROM (
                    SELECT backhoe_chunk, %s
                    FROM (
                        SELECT backhoe_image.chunk AS backhoe_chunk, %s
                        FROM %s AS backhoe_image
                        JOIN %s AS backhoe_row ON %s
                        WHERE %s
                    ) AS backhoe_was
                ) AS %s
                LEFT JOIN LATERAL (
                    SELECT true AS backhoe_found, %s%s
                ) AS backhoe_anew ON true
                GROUP BY 1
                ORDER BY 1""".formatted(
                        row,
                        differs("backhoe_now_", "backhoe_new_"),
                        differs("backhoe_now_", "backhoe_new_"),
                        differs("backhoe_now_", "backhoe_new_"),
                        differs("backhoe_new_", "backhoe_is_"),
                        String.join(", ", was),
                        String.join(", ", kept),
                        Images.TABLE,
                        Identifiers.quote(shape.table()),
                        keys,
                        PAGES,
                        row,
                        expected,
                        matched);
    }

    private String differs(String one, String other) {
        return IntStream.rangeClosed(1, set.size())
                .mapToObj(i -> one + i + " COLLATE \"C\" IS DISTINCT FROM " + other + i + " COLLATE \"C\"")
                .collect(Collectors.joining(" OR "));
    }

    private boolean isNumber(String column) {
        String type = Objects.requireNonNull(facts.get(column)).type();
        return NUMBERS.contains(type.replaceFirst("\\(.*", ""));
    }
}
