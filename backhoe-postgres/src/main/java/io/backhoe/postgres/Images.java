package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.database.UndoSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table of before-images of a run: chunk, key_1.., old_1, new_1.., in the types of the table's own columns. */
final class Images {
    static final String TABLE = BatchSql.IMAGES;

    /** Types whose {@code =} is true only of values that also read the same. */
    private static final Set<String> SAME_WHEN_EQUAL =
            Set.of("smallint", "integer", "bigint", "boolean", "date", "uuid", "bytea");

    private final BatchShape shape;
    private final String target;
    private final List<ColumnFacts> set;
    private final KeyConditions range;
    private final List<String> keys;

    /** @param target what is updated, as it stands in statements */
    Images(BatchShape shape, Map<String, ColumnFacts> facts, String target) {
        this.shape = shape;
        this.target = target;
        this.set = shape.set().keySet().stream()
                .map(column -> Objects.requireNonNull(facts.get(column)))
                .toList();
        this.keys = IntStream.rangeClosed(1, shape.key().size())
                .mapToObj(i -> "backhoe_image.key_" + i)
                .toList();
        this.range = new KeyConditions(keys, shape.key());
    }

    static UndoSql looks(TableFacts table, BatchShape shape) {
        Map<String, ColumnFacts> facts = table.columnsByName();
        var images = new Images(shape, facts, new ShapeSql(shape, facts).target());
        return new UndoSql(images.listed("\n  AND " + images.notAsBefore()), images.restored());
    }

    /** @param more columns after these, with their names */
    String create(String... more) {
        var columns = new ArrayList<String>();
        columns.add("CAST(NULL AS integer) AS chunk");
        for (int i = 1; i <= shape.key().size(); i++) {
            columns.add(typed(shape.key().get(i - 1)) + " AS key_" + i);
        }
        for (int i = 1; i <= set.size(); i++) {
            columns.add(typed(set.get(i - 1)) + " AS old_" + i);
            columns.add(typed(set.get(i - 1)) + " AS new_" + i);
        }
        columns.addAll(List.of(more));
        return """
                CREATE TABLE %s AS
                SELECT %s
                FROM %s
                WITH NO DATA""".formatted(TABLE, String.join(",\n       ", columns), Identifiers.quote(shape.table()));
    }

    /** The cast takes a domain down to its type: its constraints are no business of what once was there. */
    String typed(ColumnFacts column) {
        return "CAST(" + Identifiers.qualified(shape.table(), column.name()) + " AS " + column.type() + ")";
    }

    /** The columns that are written, in order. */
    List<ColumnFacts> set() {
        return set;
    }

    /** The columns of the table, for an INSERT. */
    String columns() {
        return "chunk, " + selected(i -> "old_" + i + ", new_" + i);
    }

    /**
     * What comes into these columns from where the key's have their names: all but the chunk.
     *
     * @param oldAndNew of each place, from 1
     */
    String selected(IntFunction<String> oldAndNew) {
        return Stream.concat(
                        Stream.of(keyNames()),
                        IntStream.rangeClosed(1, set.size()).mapToObj(oldAndNew))
                .collect(Collectors.joining(", "));
    }

    /** The key's columns, by their names here. */
    String keyNames() {
        return IntStream.rangeClosed(1, shape.key().size())
                .mapToObj(i -> "key_" + i)
                .collect(Collectors.joining(", "));
    }

    /**
     * Of a row of the table its key and the columns that are kept, by their names here.
     *
     * @param prefix {@code old_} or {@code new_}
     */
    String aliased(String prefix) {
        return Stream.concat(
                        numbered(Identifiers.qualified(shape.table(), shape.key()), "key_"),
                        numbered(Identifiers.qualified(shape.table(), set), prefix))
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> numbered(List<String> columns, String prefix) {
        return IntStream.rangeClosed(1, columns.size()).mapToObj(i -> columns.get(i - 1) + " AS " + prefix + i);
    }

    String index() {
        String key = String.join(", ", keys).replace("backhoe_image.", "");
        return "CREATE INDEX IF NOT EXISTS before_image_" + BatchSql.RUN + "_key ON " + TABLE + " (chunk, " + key + ")";
    }

    String boundary() {
        return KeyConditions.boundary(keys, TABLE + " AS backhoe_image", range());
    }

    /** The images of a stretch of a chunk. */
    List<String> range() {
        var conditions = new ArrayList<String>();
        conditions.add("backhoe_image.chunk = CAST(:chunk AS integer)");
        conditions.addAll(range.all());
        return conditions;
    }

    /**
     * One statement under READ COMMITTED: a row that is changed while this waits for it is looked at again. A row that is
     * already as it was counts as restored.
     */
    String undo() {
        var conditions = range();
        conditions.addAll(sameKey());
        conditions.addAll(untouched());
        return update(conditions);
    }

    /** After {@link #undo}: what is left are rows that hold something else than before, in a column that we changed. */
    String overwrite() {
        var conditions = range();
        conditions.addAll(sameKey());
        conditions.add("NOT (" + String.join("\n  AND ", asBefore()) + ")");
        return update(conditions);
    }

    /** Each column that the run changed holds what was there before. */
    List<String> asBefore() {
        var conditions = new ArrayList<String>();
        for (int i = 1; i <= set.size(); i++) {
            conditions.add(
                    "(" + kept(i) + "\n       OR " + same(set.get(i - 1), current(set.get(i - 1)), old(i)) + ")");
        }
        return conditions;
    }

    String update(List<String> conditions) {
        return updateAtOnce(conditions) + "\n  AND " + Rest.BETWEEN_SLICES;
    }

    /** The same without rests, for a statement that does more besides. */
    String updateAtOnce(List<String> conditions) {
        var assignments = new ArrayList<String>();
        for (int i = 1; i <= set.size(); i++) {
            ColumnFacts column = set.get(i - 1);
            assignments.add(Identifiers.quote(column.name()) + " = CASE WHEN " + kept(i) + "\n         THEN "
                    + current(column) + " ELSE " + old(i) + " END");
        }
        return """
                UPDATE %s
                SET %s
                FROM %s AS backhoe_image
                WHERE %s""".formatted(target, String.join(",\n    ", assignments), TABLE, String.join("\n  AND ", conditions));
    }

    /** The rows that {@link #undo} leaves alone, deleted ones among them, with three texts for each column. */
    String conflicts() {
        return listed("\n  AND NOT (" + there() + "\n  AND " + String.join("\n  AND ", untouched()) + ")");
    }

    private String notAsBefore() {
        return "NOT (" + there() + "\n  AND " + String.join("\n  AND ", asBefore()) + ")";
    }

    private String restored() {
        return """
                SELECT count(*)
                FROM %s AS backhoe_image
                JOIN %s ON %s
                WHERE %s
                  AND %s""".formatted(
                        TABLE,
                        target,
                        String.join("\n  AND ", sameKey()),
                        String.join("\n  AND ", range()),
                        String.join("\n  AND ", asBefore()));
    }

    String there() {
        return current(shape.key().get(0)) + " IS NOT NULL";
    }

    /** @param condition further to the range */
    String listed(String condition) {
        var values = new ArrayList<String>();
        keys.forEach(key -> values.add("CAST(" + key + " AS text)"));
        values.add(there());
        for (int i = 1; i <= set.size(); i++) {
            values.add("CAST(" + written(i) + " AS text)");
            values.add("CAST(" + current(set.get(i - 1)) + " AS text)");
            values.add("CAST(" + old(i) + " AS text)");
        }
        return """
                SELECT %s
                FROM %s AS backhoe_image
                LEFT JOIN %s ON %s
                WHERE %s%s
                ORDER BY %s""".formatted(
                        String.join(",\n       ", values),
                        TABLE,
                        target,
                        String.join("\n  AND ", sameKey()),
                        String.join("\n  AND ", range()),
                        condition,
                        String.join(", ", keys));
    }

    /** That row and image are of one and the same key. */
    List<String> sameKey() {
        return IntStream.range(0, keys.size())
                .mapToObj(i -> current(shape.key().get(i)) + " = " + keys.get(i))
                .toList();
    }

    /** Each column that the run changed holds what it wrote, or again what was there before. */
    List<String> untouched() {
        var conditions = new ArrayList<String>();
        for (int i = 1; i <= set.size(); i++) {
            ColumnFacts column = set.get(i - 1);
            conditions.add("(" + kept(i) + "\n       OR " + same(column, current(column), written(i)) + "\n       OR "
                    + same(column, current(column), old(i)) + ")");
        }
        return conditions;
    }

    /** That each column holds the value of the image that is meant. */
    List<String> same(IntFunction<String> value) {
        return IntStream.rangeClosed(1, set.size())
                .mapToObj(i -> same(set.get(i - 1), current(set.get(i - 1)), value.apply(i)))
                .toList();
    }

    /** Whether the run left the column of this place as it was. */
    private String kept(int place) {
        return same(set.get(place - 1), old(place), written(place));
    }

    static String old(int place) {
        return "backhoe_image.old_" + place;
    }

    static String written(int place) {
        return "backhoe_image.new_" + place;
    }

    String current(ColumnFacts column) {
        return Identifiers.qualified(shape.table(), column.name());
    }

    /** The same to a reader: 1.0 is not 1.00, and json has no {@code =} at all. */
    static String same(ColumnFacts column, String one, String other) {
        if (SAME_WHEN_EQUAL.contains(column.type())) {
            return one + " IS NOT DISTINCT FROM " + other;
        }
        return text(column, one) + " IS NOT DISTINCT FROM " + text(column, other);
    }

    private static String text(ColumnFacts column, String value) {
        return (column.type().equals("text") ? value : "CAST(" + value + " AS text)") + " COLLATE \"C\"";
    }
}
