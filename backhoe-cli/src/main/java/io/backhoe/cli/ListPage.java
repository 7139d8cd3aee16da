package io.backhoe.cli;

import io.backhoe.ledger.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs, a line each. */
final class ListPage {
    private ListPage() {}

    static List<String> of(List<RunRecord> runs, Instant now) {
        if (runs.isEmpty()) {
            return List.of("No runs yet.");
        }
        var table = new TextTable(">run", "name", "state", "table", "created (UTC)", ">time");
        for (RunRecord run : runs) {
            @Nullable Duration took = Took.of(run, now);
            table.row(
                    Long.toString(run.id()),
                    run.name(),
                    run.state().name() + (isOpen(run) && !run.executed() ? " (no process)" : ""),
                    run.table(),
                    run.createdAt()
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString()
                            .replace('T', ' ')
                            .replace("Z", ""),
                    took == null ? "-" : Figures.time(took));
        }
        return table.lines();
    }

    private static boolean isOpen(RunRecord run) {
        return switch (run.state()) {
            case RUNNING, VERIFYING, ROLLING_BACK -> true;
            default -> false;
        };
    }
}
