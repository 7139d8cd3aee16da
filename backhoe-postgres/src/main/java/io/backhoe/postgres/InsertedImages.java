package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.TableFacts;
import io.backhoe.database.UndoSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The images of rows that were inserted: a table like that of before-images, of which all old values are NULL. Before the run
 * such a row was not there, so one that is gone is as it was.
 */
final class InsertedImages {
    private final Images images;
    private final String target;

    InsertedImages(TableFacts table, BatchShape shape) {
        Map<String, ColumnFacts> facts = table.columnsByName();
        this.target = Identifiers.quote(shape.table());
        this.images = new Images(shape, facts, target);
    }

    String aliased(String prefix) {
        return images.aliased(prefix);
    }

    String selected(IntFunction<String> oldAndNew) {
        return images.selected(oldAndNew);
    }

    String columns() {
        return images.columns();
    }

    String create() {
        return images.create();
    }

    String index() {
        return images.index();
    }

    String boundary() {
        return images.boundary();
    }

    /**
     * One statement under READ COMMITTED: a row that is changed while this waits for it is looked at again, and stays. Each
     * column counts, also those that the run left to their defaults: what somebody wrote there since would be lost.
     */
    String undo() {
        var conditions = place();
        conditions.addAll(untouched());
        return delete(conditions);
    }

    /** After {@link #undo}: those that are still there. */
    String overwrite() {
        return delete(place());
    }

    /** The rows that {@link #undo} leaves alone. */
    String conflicts() {
        var untouched = untouched();
        return images.listed("\n  AND " + images.there()
                + (untouched.isEmpty() ? "\n  AND false" : "\n  AND NOT (" + String.join("\n  AND ", untouched) + ")"));
    }

    UndoSql looks() {
        return new UndoSql(images.listed("\n  AND " + images.there()), restored());
    }

    private String restored() {
        return """
                SELECT count(*)
                FROM %s AS backhoe_image
                WHERE %s
                  AND NOT EXISTS (SELECT FROM %s
                                  WHERE %s)""".formatted(
                        Images.TABLE,
                        String.join("\n  AND ", images.range()),
                        target,
                        String.join("\n    AND ", images.sameKey()));
    }

    private List<String> place() {
        var conditions = new ArrayList<>(images.range());
        conditions.addAll(images.sameKey());
        return conditions;
    }

    private List<String> untouched() {
        var conditions = new ArrayList<String>();
        int place = 1;
        for (ColumnFacts column : images.set()) {
            conditions.add(Images.same(column, images.current(column), Images.written(place++)));
        }
        return conditions;
    }

    private String delete(List<String> conditions) {
        return """
                DELETE FROM %s
                USING %s AS backhoe_image
                WHERE %s""".formatted(target, Images.TABLE, String.join("\n  AND ", conditions));
    }
}
