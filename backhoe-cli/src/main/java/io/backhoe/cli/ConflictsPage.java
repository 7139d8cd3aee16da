package io.backhoe.cli;

import io.backhoe.report.RunReport;
import io.backhoe.undo.Conflict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first of the rows that somebody has changed since a run, and how many there are. Not thread-safe.
 */
final class ConflictsPage {
    private static final int LONGEST = 40;

    private final int most;
    private final List<Conflict> first = new ArrayList<>();

    ConflictsPage(int most) {
        this.most = most;
    }

    void add(Conflict conflict) {
        if (first.size() < most) {
            first.add(conflict);
        }
    }

    List<String> lines(long total, RunReport report, String restorable) {
        return lines(total, report.run().table(), Long.toString(report.run().id()), restorable);
    }

    List<String> lines(long total, String tableName, String run, String restorable) {
        var lines = new ArrayList<String>();
        String what = "of " + tableName + " that run " + run + " wrote";
        if (total == 0) {
            lines.add("No row " + what + " was changed or deleted by somebody since.");
        } else {
            lines.add(Figures.rows(total) + " " + what + (total == 1 ? " was" : " were")
                    + " changed or deleted by somebody since:");
            var table = new TextTable("chunk", "key", "column", "written", "there now", "before");
            for (Conflict conflict : first) {
                conflict.values()
                        .forEach(v -> table.row(
                                conflict.chunk(),
                                cut(String.join(", ", conflict.key().values())),
                                v.column(),
                                shown(v.written()),
                                conflict.there() ? shown(v.present()) + by(conflict) : "(row deleted)",
                                shown(v.before())));
            }
            lines.addAll(table.lines());
            if (total > first.size()) {
                lines.add("  and " + Figures.count(total - first.size())
                        + " more; --conflicts FILE.csv writes all of them, --show N shows more");
            }
        }
        lines.add(restorable);
        return lines;
    }

    private static String by(Conflict conflict) {
        return conflict.laterRun() == null ? "" : " (run " + conflict.laterRun() + ")";
    }

    Map<String, @Nullable Object> data(long total) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("conflict_rows", total);
        data.put("conflicts", first.stream().map(ConflictsPage::data).toList());
        return data;
    }

    private static Map<String, @Nullable Object> data(Conflict conflict) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("chunk", conflict.chunk());
        data.put("key", conflict.key().values());
        data.put("deleted", !conflict.there());
        data.put(
                "later_run",
                conflict.laterRun() == null ? null : conflict.laterRun().toString());
        data.put("columns", conflict.values().stream().map(ConflictsPage::data).toList());
        return data;
    }

    private static Map<String, @Nullable Object> data(Conflict.Value value) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("column", value.column());
        data.put("written", value.written());
        data.put("present", value.present());
        data.put("before", value.before());
        return data;
    }

    /** A text in quotes, so that NULL and the word can be told apart. */
    private static String shown(@Nullable String text) {
        return text == null ? "NULL" : "'" + cut(text) + "'";
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\p{Cc}", "·");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
