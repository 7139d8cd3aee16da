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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a plan with the values of one of its chunks, to be pasted into psql: one small batch, as a run would begin
 * with, and its undo. It ends in ROLLBACK.
 */
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
                + ": its first " + Figures.count(ROWS) + " rows, and their undo. For psql; it ends in ROLLBACK.");
        lines.add("BEGIN" + (sql.repeatableRead() ? " ISOLATION LEVEL REPEATABLE READ" : "") + ";");
        lines.add("SET LOCAL lock_timeout = '500ms';");
        lines.add("SET LOCAL statement_timeout = '10s';");
        plan.session()
                .forEach((name, value) -> lines.add(NamedSql.filledIn(
                        "SELECT set_config(:name, :value, true);", Map.of("name", name, "value", value))));
        if (sql.images() != null) {
            lines.add("CREATE SCHEMA IF NOT EXISTS backhoe;");
        }
        statement(lines, "images: where old values are kept", sql.images());
        boundary(
                lines,
                "boundary: the last key of the next " + Figures.count(ROWS) + " rows, kept in upto_1 and so on",
                sql.boundary(),
                plan.access().keyset().size());
        var given = sql.given();
        if (given != null) {
            statement(lines, "results: where what becomes of the rows comes into", given.results());
            statement(lines, "read: what the function is given", given.read());
            lines.add("-- Here a run copies what becomes of them: " + named(given.copy()));
        }
        var call = sql.call();
        if (call != null) {
            statement(lines, "scratch: where every row of the range is kept meanwhile", call.scratch());
        }
        statement(lines, "capture: keeps the old values", sql.capture());
        if (call != null) {
            statement(lines, "work: what transform.sql does", call.work());
        }
        statement(lines, "write: changes the rows", sql.write());
        statement(lines, "undo index", sql.undoIndex());
        if (sql.undoBoundary() != null) {
            boundary(
                    lines,
                    "undo boundary: the last key of the next rows to restore",
                    sql.undoBoundary(),
                    plan.access().key().size());
        }
        statement(lines, "undo write: restores the rows that nobody changed since", sql.undoWrite());
        statement(lines, "undo conflicts: lists the rows that somebody changed since", sql.undoConflicts());
        statement(lines, "undo overwrite: restores those too, with --on-conflict overwrite", sql.undoOverwrite());
        lines.add("ROLLBACK;");
        return lines;
    }

    private void statement(List<String> lines, String what, @Nullable String sql) {
        if (sql != null) {
            var values = values();
            values.keySet().removeIf(name -> name.startsWith("upto_"));
            lines.add("-- SQL: " + what);
            // psql puts in what the boundary has found, quoted
            String filled = NamedSql.filledIn(named(sql), values).replaceAll("(?<!:):(upto_[0-9]+)\\b", ":'$1'");
            filled.strip().lines().forEach(lines::add);
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + ";");
        }
    }

    private void boundary(List<String> lines, String what, String sql, int keys) {
        String found =
                IntStream.rangeClosed(1, keys).mapToObj(i -> "upto_" + i + ", ").collect(Collectors.joining());
        lines.add("-- SQL: " + what);
        lines.add("SELECT * FROM (");
        NamedSql.filledIn(named(sql), values()).strip().lines().forEach(lines::add);
        lines.add(") AS boundary (" + found + "rows) \\gset");
    }

    private Map<String, @Nullable String> values() {
        var extent = chunk.extent();
        var values = new HashMap<String, @Nullable String>();
        values.put("chunk", Integer.toString(number));
        values.put("chunk_start", extent.dates() == null ? null : extent.dates().start());
        values.put("chunk_end", extent.dates() == null ? null : extent.dates().end());
        values.put("batch_rows", Integer.toString(ROWS));
        values.putAll(BatchSql.WITHOUT_RESTS);
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
