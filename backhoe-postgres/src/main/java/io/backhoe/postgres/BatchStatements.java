package io.backhoe.postgres;

import io.backhoe.database.BatchShape;
import io.backhoe.database.BatchSql;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.TableFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements of a batch; see {@code docs/adr/0002-before-images-are-typed-tables.md}. */
final class BatchStatements {
    /** From here on RETURNING knows a row as it was before. */
    private static final int RETURNS_OLD = 18;

    private final BatchShape shape;
    private final ShapeSql sql;
    private final Images images;

    private BatchStatements(TableFacts table, BatchShape shape) {
        this.shape = shape;
        Map<String, ColumnFacts> facts = table.columnsByName();
        this.sql = new ShapeSql(shape, facts);
        this.images = new Images(shape, facts, sql.target());
    }

    static BatchSql of(ServerFacts server, TableFacts table, BatchShape shape) {
        var statements = new BatchStatements(table, shape);
        if (!shape.keepImages()) {
            return new BatchSql(
                    statements.boundary(), null, statements.update(), false, null, null, null, null, null, null);
        }
        boolean oldIsNull = statements.oldIsNull();
        boolean triggersMayChangeIt = !table.triggers().isEmpty();
        boolean oneStatement = oldIsNull || server.major() >= RETURNS_OLD;
        String write = oneStatement
                ? statements.updateThatCaptures(oldIsNull)
                : triggersMayChangeIt ? statements.updateThatJoinsWhatWas() : statements.update();
        return new BatchSql(
                statements.boundary(),
                oneStatement || triggersMayChangeIt ? null : statements.capture(),
                write,
                !oneStatement,
                statements.images.create(),
                statements.images.index(),
                statements.images.boundary(),
                statements.images.undo(),
                statements.images.conflicts(),
                statements.images.overwrite());
    }

    /** The write alone, which keeps nothing for undo, on the table as a whole. */
    static String plainWrite(TableFacts table, BatchShape shape) {
        return new BatchStatements(table, shape).update().replace(BatchSql.PARTITION, Identifiers.quote(shape.table()));
    }

    /** The only column that is written is one that IS NULL where it is written. */
    private boolean oldIsNull() {
        return shape.set().size() == 1
                && shape.preserveExisting()
                && sql.missingIsNull(shape.set().keySet().iterator().next());
    }

    /** Only the range counts here: what is examined, not what will be changed. */
    private String boundary() {
        return KeyConditions.boundary(sql.keyset(), sql.walkedTable(), sql.walked());
    }

    private String update() {
        return """
                UPDATE %s
                SET %s%s
                WHERE %s""".formatted(sql.target(), sql.assignments(), from(), conditions());
    }

    private String capture() {
        return """
                INSERT INTO %s (%s)
                SELECT CAST(:chunk AS integer), %s
                FROM %s%s
                WHERE %s""".formatted(
                        Images.TABLE,
                        images.columns(),
                        String.join(", ", captured()),
                        sql.target(),
                        shape.sources() == null ? "" : ", " + shape.sources() + "\n",
                        conditions());
    }

    /** Key, old and new values as they stand before the write. */
    private List<String> captured() {
        var values = new ArrayList<>(Identifiers.qualified(shape.table(), shape.key()));
        shape.set().keySet().forEach(column -> {
            values.add(Identifiers.qualified(shape.table(), column));
            values.add(sql.typedValue(column));
        });
        return values;
    }

    private String updateThatCaptures(boolean oldIsNull) {
        return """
                WITH backhoe_written AS (
                %s
                RETURNING %s
                )
                INSERT INTO %s (%s)
                SELECT CAST(:chunk AS integer), %s
                FROM backhoe_written""".formatted(update(), returned(oldIsNull), Images.TABLE, images.columns(), selected(oldIsNull));
    }

    /**
     * Before version 18, where a trigger may write something else than the expression: what was, joined with what the
     * write returns. One snapshot sees both, so it needs REPEATABLE READ all the same.
     */
    private String updateThatJoinsWhatWas() {
        return """
                WITH backhoe_was AS MATERIALIZED (
                SELECT %s
                FROM %s
                WHERE %s
                ), backhoe_written AS (
                %s
                RETURNING %s
                )
                INSERT INTO %s (%s)
                SELECT CAST(:chunk AS integer), %s
                FROM backhoe_was
                JOIN backhoe_written USING (%s)""".formatted(
                        images.aliased("old_"),
                        sql.ranged(),
                        String.join("\n  AND ", sql.range()),
                        update(),
                        returned(true),
                        Images.TABLE,
                        images.columns(),
                        selected(false),
                        images.keyNames());
    }

    private String returned(boolean oldIsNull) {
        if (oldIsNull) {
            return images.aliased("new_");
        }
        var values = new ArrayList<String>();
        int place = 1;
        for (ColumnFacts key : shape.key()) {
            values.add("backhoe_new." + Identifiers.quote(key.name()) + " AS key_" + place++);
        }
        place = 1;
        for (String column : shape.set().keySet()) {
            values.add("backhoe_old." + Identifiers.quote(column) + " AS old_" + place);
            values.add("backhoe_new." + Identifiers.quote(column) + " AS new_" + place++);
        }
        return "WITH (OLD AS backhoe_old, NEW AS backhoe_new) " + String.join(", ", values);
    }

    private String selected(boolean oldIsNull) {
        return images.selected(i -> (oldIsNull ? "NULL" : "old_" + i) + ", new_" + i);
    }

    private String from() {
        @Nullable String from = shape.sources();
        return from == null ? "" : "\nFROM " + from;
    }

    private String conditions() {
        return String.join("\n  AND ", sql.conditions()) + "\n  AND " + Rest.BETWEEN_SLICES;
    }
}
