package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pieces that the statements of a shape are made of. A person's own SQL stands in parentheses and is followed by a
 * line break, which ends a comment that it may end in.
 */
final class ShapeSql {
    private final BatchShape shape;
    private final Map<String, ColumnFacts> facts;

    ShapeSql(BatchShape shape, Map<String, ColumnFacts> facts) {
        this.shape = shape;
        this.facts = facts;
    }

    /** What is updated or read: under the table's own name, whichever partition it is. */
    String target() {
        return shape.chunks() == BatchShape.Chunks.PARTITIONS
                ? BatchSql.PARTITION + " AS " + Identifiers.quote(shape.table().name())
                : Identifiers.quote(shape.table());
    }

    /** The rows of the chunk between two keys. */
    List<String> range() {
        var conditions = chosen();
        conditions.addAll(shape.spread() ? keys().spread() : keys().all());
        return conditions;
    }

    /** The rows of the chunk's dates, of which there are records where records name them. */
    List<String> chosen() {
        var conditions = dates();
        if (shape.records() != null) {
            conditions.add(shape.records().match(shape.table()));
        }
        return conditions;
    }

    /** What is updated or read, and the records that name its rows. */
    String ranged() {
        return shape.records() == null
                ? target()
                : target() + ", " + shape.records().source();
    }

    /** What a walk from key to key goes over. */
    String walkedTable() {
        return shape.records() == null ? target() : shape.records().source();
    }

    /** The rows that a walk from key to key comes across. */
    List<String> walked() {
        var conditions = shape.walksDates() ? chosen() : new ArrayList<String>();
        conditions.addAll(keys().all());
        return conditions;
    }

    private KeyConditions keys() {
        return new KeyConditions(keyset(), shape.keyset());
    }

    /** The columns that order the walk. */
    List<String> keyset() {
        return shape.records() == null
                ? Identifiers.qualified(shape.table(), shape.keyset())
                : shape.keyset().stream().map(c -> Records.column(c.name())).toList();
    }

    /** The dates of the chunk alone; nothing where it has none. */
    List<String> dates() {
        var conditions = new ArrayList<String>();
        ColumnFacts chunkColumn = shape.chunkColumn();
        if (chunkColumn != null) {
            conditions.addAll(dates(chunkColumn, Identifiers.qualified(shape.table(), chunkColumn.name())));
        }
        return conditions;
    }

    /** The rows of the range that the shape means to change. */
    List<String> conditions() {
        var conditions = range();
        if (shape.on() != null) {
            conditions.add(enclosed(shape.on()));
        }
        if (shape.where() != null) {
            conditions.add(enclosed(shape.where()));
        }
        if (shape.preserveExisting()) {
            String missing = shape.set().keySet().stream().map(this::missing).collect(Collectors.joining(" OR "));
            conditions.add(shape.set().size() == 1 ? missing : "(" + missing + ")");
        }
        if (shape.differing()) {
            conditions.add(shape.set().keySet().stream()
                    .map(column -> Images.same(
                            Objects.requireNonNull(facts.get(column)),
                            Identifiers.qualified(shape.table(), column),
                            "CAST(" + value(column) + " AS "
                                    + assigned(Objects.requireNonNull(facts.get(column))
                                            .type()) + ")"))
                    .collect(Collectors.joining("\n    AND ", "NOT (", ")")));
        }
        return conditions;
    }

    /** Whether a value of the column may be changed: its row is meant, and it is missing where only missing ones are. */
    String mayChange(String column) {
        var conditions = new ArrayList<String>();
        if (shape.where() != null) {
            conditions.add(enclosed(shape.where()));
        }
        if (shape.preserveExisting()) {
            conditions.add(missing(column));
        }
        return conditions.isEmpty() ? "true" : "coalesce(" + String.join(" AND ", conditions) + ", false)";
    }

    String assignments() {
        return shape.set().keySet().stream()
                .map(column -> Identifiers.quote(column) + " = " + value(column))
                .collect(Collectors.joining(",\n    "));
    }

    /** What the column is set to. With several columns each is kept where it is not missing itself. */
    String value(String column) {
        String expression = enclosed(Objects.requireNonNull(shape.set().get(column)));
        if (!shape.preserveExisting() || shape.set().size() == 1) {
            return expression;
        }
        // Without the cast a CASE might give both branches a type that cannot hold every value to be kept.
        return "CASE WHEN " + missing(column) + " THEN CAST(" + expression + " AS " + family(column) + ") ELSE "
                + Identifiers.qualified(shape.table(), column) + " END";
    }

    /** For a SELECT, where ROW(1, 2), unlike in SET, does not find its type by itself. */
    String typedValue(String column) {
        return "CAST(" + value(column) + " AS " + family(column) + ")";
    }

    /** When the value of a column counts as missing. */
    String missing(String column) {
        @Nullable String given = shape.missingWhen().get(column);
        return given == null || missingIsNull(column)
                ? Identifiers.qualified(shape.table(), column) + " IS NULL"
                : enclosed(given);
    }

    /** Whether the column is missing when it IS NULL, and not otherwise. */
    boolean missingIsNull(String column) {
        @Nullable String given = shape.missingWhen().get(column);
        return given == null || isNullTest(given, column);
    }

    private boolean isNullTest(String predicate, String column) {
        String table = "(" + name(shape.table().name()) + "\\s*\\.\\s*)?";
        String schema =
                shape.table().schema() == null ? "" : "(" + name(shape.table().schema()) + "\\s*\\.\\s*)?";
        return Pattern.matches("(?s)\\s*" + schema + table + name(column) + "\\s+(?i:is\\s+null)\\s*", predicate);
    }

    /** The name as it may be written: quoted, or in any case where quotes are not needed. */
    private static String name(String name) {
        String quoted = Pattern.quote(Identifiers.always(name));
        boolean plain = Identifiers.quote(name).equals(name);
        return plain ? "(" + quoted + "|(?i:" + Pattern.quote(name) + "))" : quoted;
    }

    /** The column's type without length or precision: a cast to these cuts silently, an assignment refuses. */
    private String family(String column) {
        return familyOf(Objects.requireNonNull(facts.get(column)).type());
    }

    private static String familyOf(String type) {
        if (type.startsWith("\"")) {
            return type;
        } else if (type.startsWith("character(")) {
            return "bpchar" + type.substring(type.indexOf(')') + 1);
        } else if (type.startsWith("bit(")) {
            return "bit varying" + type.substring(type.indexOf(')') + 1);
        }
        return type.replaceFirst("\\([^)]*\\)", "");
    }

    /**
     * The type to cast to for a value as an assignment makes it: rounded to a precision, but not cut to a length, which a
     * cast does silently.
     */
    static String assigned(String type) {
        return type.startsWith("character") || type.startsWith("bit") ? familyOf(type) : type;
    }

    /** A date column within the chunk. */
    static List<String> dates(ColumnFacts dates, String column) {
        return List.of(
                column + " >= CAST(:chunk_start AS " + dates.type() + ")",
                column + " < CAST(:chunk_end AS " + dates.type() + ")");
    }

    static String enclosed(String fragment) {
        return "(" + fragment + "\n)";
    }
}
