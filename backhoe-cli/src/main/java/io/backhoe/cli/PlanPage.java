package io.backhoe.cli;

import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import java.util.ArrayList;
import java.util.List;

/** A plan, as a reviewer reads it on a screen. */
final class PlanPage {
    private static final int CHUNKS_SHOWN = 60;

    private PlanPage() {}

    static List<String> of(Plan plan, boolean allSql) {
        var spec = plan.spec();
        var lines = new ArrayList<String>();
        lines.add("Plan " + spec.about().name() + " (" + shortHash(plan.hash()) + ")");
        lines.add("  table    " + spec.scope().table() + ", " + range(plan) + " of "
                + spec.scope().dateColumn());
        var transform = spec.transform();
        if (transform != null) {
            transform
                    .set()
                    .forEach((column, expression) -> lines.add("  set      " + column + " = " + oneLine(expression)));
            if (transform.from() != null) {
                lines.add("  from     " + oneLine(transform.from())
                        + (transform.on() == null ? "" : " on " + oneLine(transform.on())));
            }
        }
        if (spec.scope().where() != null) {
            lines.add("  where    " + oneLine(spec.scope().where()));
        }
        lines.add("  rows     about " + Figures.count(PlanDocument.estimatedRows(plan)) + " in "
                + plural(plan.chunks().size(), "chunk") + ", "
                + plural(spec.strategy().parallelism(), "worker"));
        lines.add("  present  "
                + (spec.strategy().preserveExisting()
                        ? "a value that is there stays"
                        : "a value that is there is overwritten"));
        lines.add("  reached  by index " + plan.access().index() + ", in the order of "
                + String.join(", ", plan.access().keyset()));
        lines.add("  undo     "
                + (plan.sql().images() == null
                        ? "not possible: no before-images are kept"
                        : "before-images are kept, so it can be rolled back"));
        chunks(plan, lines);
        if (plan.forecast() != null) {
            lines.addAll(ForecastLines.of(plan.forecast()));
        }
        sql(plan, allSql, lines);
        if (!plan.notes().isEmpty()) {
            lines.add("Notes");
            plan.notes().forEach(note -> lines.add("  - " + note));
        }
        return lines;
    }

    /** Enough of a hash to tell plans apart. */
    static String shortHash(String hash) {
        String digits = hash.substring(hash.indexOf(':') + 1);
        return digits.substring(0, Math.min(12, digits.length()));
    }

    private static void chunks(Plan plan, List<String> lines) {
        var table = new TextTable("chunk", "from", "to", ">rows (estimate)");
        plan.chunks().stream()
                .limit(CHUNKS_SHOWN)
                .forEach(c -> table.row(
                        c.id(), from(c), to(c), c.estimatedRows() < 0 ? "unknown" : Figures.count(c.estimatedRows())));
        lines.addAll(table.lines());
        int more = plan.chunks().size() - CHUNKS_SHOWN;
        if (more > 0) {
            lines.add("  and " + Figures.count(more) + " more; --json shows all");
        }
    }

    private static void sql(Plan plan, boolean all, List<String> lines) {
        if (!all) {
            lines.add("SQL of a batch (--sql shows every statement)");
            lines.addAll(indented(plan.sql().write()));
            return;
        }
        lines.add("SQL with the values of a chunk; it can be pasted into psql, and ends in ROLLBACK");
        new PlanSql(plan).script().forEach(line -> lines.add("    " + line));
        plan.explain().forEach((name, how) -> {
            lines.add("How the server would execute '" + name + "' for 1,000 rows");
            lines.addAll(indented(how));
        });
    }

    private static List<String> indented(String sql) {
        return sql.strip().lines().map(line -> "    " + line).toList();
    }

    private static String range(Plan plan) {
        var range =
                Figures.range(plan.spec().scope().start(), plan.spec().scope().end());
        return range.get(0) + " to " + range.get(1);
    }

    private static String from(PlannedChunk chunk) {
        return Figures.range(chunk.start(), chunk.end()).get(0);
    }

    private static String to(PlannedChunk chunk) {
        return Figures.range(chunk.start(), chunk.end()).get(1);
    }

    private static String oneLine(String sql) {
        return sql.strip().replaceAll("\\s+", " ");
    }

    private static String plural(int number, String word) {
        return Figures.count(number) + " " + word + (number == 1 ? "" : "s");
    }
}
