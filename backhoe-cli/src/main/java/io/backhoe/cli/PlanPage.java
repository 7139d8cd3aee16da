package io.backhoe.cli;

import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.spec.Check;
import io.backhoe.spec.Spec;
import io.backhoe.value.Key;
import io.backhoe.value.KeyRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan, as a reviewer reads it on a screen. */
final class PlanPage {
    private static final int CHUNKS_SHOWN = 60;
    private static final int KEY_SHOWN = 24;

    private PlanPage() {}

    static List<String> of(Plan plan, boolean allSql) {
        var lines = new ArrayList<>(what(plan));
        chunks(plan, lines);
        lines.addAll(forecast(plan));
        sql(plan, allSql, lines);
        lines.addAll(notes(plan));
        return lines;
    }

    /** For one who has said yes already: without chunks and SQL. */
    static List<String> inShort(Plan plan) {
        var lines = new ArrayList<>(what(plan));
        lines.addAll(forecast(plan));
        lines.addAll(notes(plan));
        return lines;
    }

    private static List<String> forecast(Plan plan) {
        return plan.forecast() == null ? List.of() : ForecastLines.of(plan.forecast());
    }

    private static List<String> notes(Plan plan) {
        var lines = new ArrayList<String>();
        if (!plan.notes().isEmpty()) {
            lines.add("Notes");
            plan.notes().forEach(note -> lines.add("  - " + note));
        }
        return lines;
    }

    private static List<String> what(Plan plan) {
        var spec = plan.spec();
        var lines = new ArrayList<String>();
        lines.add("Plan " + spec.about().name() + " (" + shortHash(plan.hash()) + ")");
        lines.add("  table    " + spec.scope().table() + ", " + range(plan));
        lines.addAll(PurposeLines.of(spec));
        var transform = spec.transform();
        var function = transform == null ? null : transform.function();
        var source = transform == null ? null : transform.source();
        if (source != null) {
            lines.addAll(SourceLines.of(source));
        } else if (transform != null && function != null) {
            boolean whole = function.statement() != null && function.statement().wholeChunks();
            lines.add("  calls    " + function.who() + " for each "
                    + (whole ? "chunk" : function.per().word()) + ", which "
                    + (function.rows() == null
                            ? ""
                            : "reads " + String.join(", ", function.rows().reads()) + " and ")
                    + "writes " + String.join(", ", transform.columns()));
        } else if (transform != null) {
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
                + (source != null
                        ? SourceLines.present(source)
                        : function != null && function.per() == Spec.Function.Per.CHUNK
                                ? "what " + (function.command() == null ? "the function" : "the command")
                                        + " makes of it"
                                : spec.strategy().preserveExisting()
                                        ? "a value that is there stays"
                                        : "a value that is there is overwritten"));
        lines.add((source == null ? "  reached  by index " : "  found    by index ")
                + plan.access().index()
                + (source == null ? ", in the order of " : "; the query's rows are walked in the order of ")
                + String.join(", ", plan.access().keyset()));
        lines.add("  pace     " + oneLine(PacingLines.line(spec.pacing())));
        lines.add("  undo     "
                + (plan.sql().images() == null
                        ? "not possible: no before-images are kept"
                        : (source == null ? "before-images are kept" : "what is written is kept")
                                + ", so it can be rolled back"));
        checks("before  ", spec.execution().preChecks(), lines);
        checks("after   ", spec.execution().postChecks(), lines);
        return lines;
    }

    /** Enough of a hash to tell plans apart. */
    static String shortHash(String hash) {
        String digits = hash.substring(hash.indexOf(':') + 1);
        return digits.substring(0, Math.min(12, digits.length()));
    }

    /** Each by its name; what a query of one's own asks stands in the file. */
    private static void checks(String when, List<Check> checks, List<String> lines) {
        String before = "  " + when + " ";
        for (Check check : checks) {
            lines.add(before + check.name());
            before = " ".repeat(before.length());
        }
    }

    private static void chunks(Plan plan, List<String> lines) {
        boolean keys = plan.chunks().stream().anyMatch(c -> !c.extent().keys().equals(KeyRange.ALL));
        var table = keys
                ? new TextTable("chunk", "from", "to", "after key", "up to key", ">rows (estimate)")
                : new TextTable("chunk", "from", "to", ">rows (estimate)");
        plan.chunks().stream().limit(CHUNKS_SHOWN).forEach(c -> table.row(row(c, keys)));
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
        var scope = plan.spec().scope();
        var range = Figures.range(scope.start(), scope.end());
        return range == null ? "rows of all dates" : range.get(0) + " to " + range.get(1) + " of " + scope.dateColumn();
    }

    private static String[] row(PlannedChunk chunk, boolean keys) {
        var range = Figures.range(chunk.start(), chunk.end());
        var cells = new ArrayList<String>();
        cells.add(chunk.id());
        cells.add(range == null ? "-" : range.get(0));
        cells.add(range == null ? "-" : range.get(1));
        if (keys) {
            cells.add(key(chunk.extent().keys().after()));
            cells.add(key(chunk.extent().keys().upTo()));
        }
        cells.add(chunk.estimatedRows() < 0 ? "unknown" : Figures.count(chunk.estimatedRows()));
        return cells.toArray(String[]::new);
    }

    /** Short enough for a table; the file of the plan has it whole. */
    private static String key(@Nullable Key key) {
        String text = key == null ? "-" : String.join(", ", key.values());
        return text.length() <= KEY_SHOWN ? text : text.substring(0, KEY_SHOWN - 3) + "...";
    }

    private static String oneLine(String sql) {
        return sql.strip().replaceAll("\\s+", " ");
    }

    private static String plural(int number, String word) {
        return Figures.count(number) + " " + word + (number == 1 ? "" : "s");
    }
}
