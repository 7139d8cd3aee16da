package io.backhoe.cli;

import io.backhoe.database.BatchSql;
import io.backhoe.database.NamedSql;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.value.Key;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The SQL of a plan with the values of one of its chunks, to be pasted into psql; it ends in ROLLBACK. */
final class PlanSql {
    private static final String NO_RUN = "0";
    private static final int ROWS = 1_000;

    private final Plan plan;
    private final int number;
    private final PlannedChunk chunk;

    /** Of the largest chunk, which is where a look is most wanted. */
    PlanSql(Plan plan) {
        this.plan = plan;
        this.chunk = plan.chunks().stream()
                .max(Comparator.comparingLong(PlannedChunk::estimatedRows))
                .orElseThrow();
        this.number = plan.chunks().indexOf(chunk) + 1;
    }

    List<String> script() {
        BatchSql sql = plan.sql();
        var lines = new ArrayList<String>();
        lines.add("-- The SQL of " + plan.spec().about().name() + " with the values of chunk " + chunk.id()
                + ", all of it as one batch. It ends in ROLLBACK.");
        lines.add("BEGIN" + (sql.repeatableRead() ? " ISOLATION LEVEL REPEATABLE READ" : "") + ";");
        plan.session()
                .forEach((name, value) -> lines.add(NamedSql.filledIn(
                        "SELECT set_config(:name, :value, true);", Map.of("name", name, "value", value))));
        if (sql.images() != null) {
            lines.add("CREATE SCHEMA IF NOT EXISTS backhoe;");
        }
        statement(lines, "images: where old values are kept", sql.images());
        statement(lines, "boundary: the last key of the next " + Figures.count(ROWS) + " rows", sql.boundary());
        statement(lines, "capture: keeps the old values", sql.capture());
        statement(lines, "write: changes the rows", sql.write());
        statement(lines, "undo index", sql.undoIndex());
        statement(lines, "undo boundary: the last key of the next rows to restore", sql.undoBoundary());
        statement(lines, "undo write: restores the rows that nobody changed since", sql.undoWrite());
        lines.add("ROLLBACK;");
        return lines;
    }

    private void statement(List<String> lines, String what, @Nullable String sql) {
        if (sql != null) {
            lines.add("-- SQL: " + what);
            NamedSql.filledIn(named(sql), values()).strip().lines().forEach(lines::add);
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + ";");
        }
    }

    private Map<String, @Nullable String> values() {
        var extent = chunk.extent();
        var values = new HashMap<String, @Nullable String>();
        values.put("chunk", Integer.toString(number));
        values.put("chunk_start", extent.dates() == null ? null : extent.dates().start());
        values.put("chunk_end", extent.dates() == null ? null : extent.dates().end());
        values.put("batch_rows", Integer.toString(ROWS));
        for (int i = 1; i <= plan.access().keyset().size(); i++) {
            values.put("after_" + i, value(extent.keys().after(), i));
            values.put("upto_" + i, value(extent.keys().upTo(), i));
        }
        return values;
    }

    private static @Nullable String value(@Nullable Key key, int place) {
        return key == null || place > key.values().size() ? null : key.values().get(place - 1);
    }

    private String named(String sql) {
        TableName partition = chunk.extent().partition();
        String run = sql.replace(BatchSql.RUN, NO_RUN);
        return partition == null ? run : run.replace(BatchSql.PARTITION, SqlName.quote(partition));
    }
}
