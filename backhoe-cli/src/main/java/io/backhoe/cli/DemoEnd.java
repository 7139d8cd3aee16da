package io.backhoe.cli;

import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.util.ArrayList;
import java.util.List;

/** The demo's last words. */
final class DemoEnd {
    private DemoEnd() {}

    /** {@code 12 of 12 chunks, 980,000 rows filled, 20,000 left as they were, in 9.8 s}. */
    static String summary(Execution.Executed executed, DemoProofs before) {
        RunReport report = executed.report();
        boolean undone = report.run().state() == RunState.ROLLED_BACK;
        long done = report.count(undone ? ChunkState.ROLLED_BACK : ChunkState.SUCCESS);
        return done + " of " + report.allChunks() + " chunks, "
                + (undone ? Figures.rows(report.restored()) + " restored" : Figures.rows(report.changed()) + " filled")
                + ", " + Figures.count(before.filledBefore()) + " left as they were, in "
                + Figures.time(executed.elapsed());
    }

    static List<String> next(boolean undone) {
        var lines = new ArrayList<>(List.of("Next:"));
        if (!undone) {
            lines.add("  backhoe demo --undo          the same, then takes it back, and proves that");
        }
        lines.add("  backhoe demo --keep          leaves the server running, to look around");
        lines.add("  backhoe plan SPEC --url URL  plans a backfill of yours; changes nothing");
        return lines;
    }

    /** Where the server, or the shop on it, is still there. */
    static List<String> nextHere(DemoPlace place, RunReport report) {
        String flags = place.target().flags();
        var lines = new ArrayList<>(List.of("The shop is still there. Next:", "  backhoe status" + flags));
        if (report.run().state() != RunState.ROLLED_BACK) {
            lines.add("  backhoe rollback " + report.run().id() + flags);
        }
        lines.add("  psql " + place.url() + " -c 'SELECT customer_tier, count(*) FROM " + place.schema()
                + ".orders GROUP BY 1'");
        lines.add("When you have seen enough:");
        lines.add(
                place.server() == null
                        ? "  psql " + place.url() + " -c 'DROP SCHEMA " + place.schema() + " CASCADE'"
                        : "  " + place.server().stopCommand());
        return lines;
    }
}
