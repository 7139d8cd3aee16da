package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.database.UndoSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The images of rows that were inserted, updated or deleted: a table like that of before-images, with whether the row was there
 * before, {@code was_there}, and after, {@code stayed}.
 */
final class DerivedImages {
    private static final String INSERTED = "NOT backhoe_image.was_there";
    private static final String UPDATED = "backhoe_image.was_there\n  AND backhoe_image.stayed";
    private static final String DELETED = "NOT backhoe_image.stayed";

    private final BatchShape shape;
    private final Images images;
    private final String target;

    DerivedImages(TableFacts table, BatchShape shape) {
        Map<String, ColumnFacts> facts = table.columnsByName();
        this.shape = shape;
        this.target = Identifiers.quote(shape.table());
        this.images = new Images(shape, facts, target);
    }

    String keyNames() {
        return images.keyNames();
    }

    String aliased(String prefix) {
        return images.aliased(prefix);
    }

    String selected(IntFunction<String> oldAndNew) {
        return images.selected(oldAndNew);
    }

    String columns() {
        return images.columns() + ", was_there, stayed";
    }

    String create() {
        return images.create("CAST(NULL AS boolean) AS was_there", "CAST(NULL AS boolean) AS stayed");
    }

    String index() {
        return images.index();
    }

    String boundary() {
        return images.boundary();
    }

    /**
     * One statement under READ COMMITTED; a row is in one of its parts only, so that none meets another's work.
     *
     * @param deletes whether the run deletes rows, which are inserted again
     */
    String undo(boolean deletes) {
        String removed = delete(images.same(Images::written));
        if (!deletes) {
            return images.set().isEmpty()
                    ? removed
                    : "WITH backhoe_removed AS (\n" + removed + "\n)\n"
                            + images.updateAtOnce(conditions(UPDATED, images.untouched()));
        }
        String restored = images.set().isEmpty()
                ? ""
                : ", backhoe_restored AS (\n" + images.updateAtOnce(conditions(UPDATED, images.untouched()))
                        + "\nRETURNING 1\n)";
        return "WITH backhoe_removed AS (\n" + removed + "\nRETURNING 1\n)" + restored + "\n" + insert();
    }

    /** After {@link #undo}; a row that somebody deleted stays deleted. */
    String overwrite() {
        if (images.set().isEmpty()) {
            return delete(List.of());
        }
        return "WITH backhoe_removed AS (\n" + delete(List.of()) + "\n)\n"
                + images.updateAtOnce(
                        conditions("backhoe_image.was_there", List.of("NOT (" + and(images.asBefore()) + ")")));
    }

    String conflicts() {
        return images.listed("\n  AND (" + INSERTED + "\n  AND " + images.there() + "\n  AND NOT ("
                + and(images.same(Images::written)) + ")\n   OR " + UPDATED + "\n  AND NOT (" + images.there()
                + "\n  AND "
                + and(images.untouched()) + ")\n   OR " + DELETED + "\n  AND " + images.there() + "\n  AND NOT ("
                + and(images.same(Images::old)) + "))");
    }

    UndoSql looks() {
        return new UndoSql(images.listed("\n  AND NOT " + asBefore()), """
                SELECT count(*)
                FROM %s AS backhoe_image
                LEFT JOIN %s ON %s
                WHERE %s
                  AND %s""".formatted(
                        Images.TABLE,
                        target,
                        String.join("\n  AND ", images.sameKey()),
                        String.join("\n  AND ", images.range()),
                        asBefore()));
    }

    private String asBefore() {
        return "CASE WHEN backhoe_image.was_there\n       THEN " + images.there() + "\n  AND " + and(images.asBefore())
                + "\n       ELSE NOT (" + images.there() + ") END";
    }

    private static String and(List<String> conditions) {
        return conditions.isEmpty() ? "true" : String.join("\n  AND ", conditions);
    }

    private List<String> conditions(String which, List<String> more) {
        var conditions = new ArrayList<>(images.range());
        conditions.add(which);
        conditions.addAll(images.sameKey());
        conditions.addAll(more);
        return conditions;
    }

    private String delete(List<String> more) {
        return """
                DELETE FROM %s
                USING %s AS backhoe_image
                WHERE %s""".formatted(target, Images.TABLE, and(conditions(INSERTED, more)));
    }

    /**
     * Reads the other parts, which makes them come first: a part that nobody reads comes last, and a row would be inserted
     * beside the one that was written in its place. Where they meet in an index, it would be left out and lost.
     */
    private String insert() {
        String columns = Stream.concat(shape.key().stream(), images.set().stream())
                .map(c -> Identifiers.quote(c.name()))
                .collect(Collectors.joining(", "));
        var values = new ArrayList<String>();
        for (int i = 1; i <= shape.key().size(); i++) {
            values.add("backhoe_image.key_" + i);
        }
        for (int i = 1; i <= images.set().size(); i++) {
            values.add(Images.old(i));
        }
        var conditions = new ArrayList<>(images.range());
        conditions.add(DELETED);
        conditions.add("(SELECT count(*) FROM backhoe_removed) >= 0");
        if (!images.set().isEmpty()) {
            conditions.add("(SELECT count(*) FROM backhoe_restored) >= 0");
        }
        return """
                INSERT INTO %s (%s)
                OVERRIDING SYSTEM VALUE
                SELECT %s
                FROM %s AS backhoe_image
                WHERE %s
                ON CONFLICT DO NOTHING""".formatted(target, columns, String.join(", ", values), Images.TABLE, and(conditions));
    }
}
