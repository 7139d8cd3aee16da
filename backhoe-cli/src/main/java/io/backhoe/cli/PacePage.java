package io.backhoe.cli;

import io.backhoe.ledger.LostTime;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.ledger.Tuning;
import io.backhoe.report.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How fast a run is, and why no faster, for people. */
final class PacePage {
    private PacePage() {}

    /** @param why whether what it has lost time to is told as well */
    static List<String> lines(RunStatus status, boolean why) {
        var lines = new ArrayList<String>();
        PaceRecord now = status.now();
        if (now != null) {
            lines.add("  speed        " + speed(now));
            lines.add("  limited by   " + limit(now));
            lines.addAll(SignalLines.deadline(status.pace().signals()));
        } else if (status.run().executed()) {
            lines.add("  speed        not known: its process has not said anything for a while");
        }
        var deaf = status.deaf();
        if (deaf != null) {
            lines.add("  not heard    since " + Figures.instant(deaf.at()) + ": " + deaf.message());
        }
        if (!why) {
            return lines;
        }
        lines.addAll(why(status));
        return lines;
    }

    /** What was tuned, what it has lost time to, and what each signal says. */
    static List<String> why(RunStatus status) {
        var lines = new ArrayList<String>();
        if (status.now() == null && !status.run().executed()) {
            lines.add("  limited by   nothing: no process executes it");
        }
        if (!status.pace().tuned().equals(Tuning.NONE)) {
            lines.add("  tuned        " + status.pace().tuned());
        }
        var lost = status.pace().lost();
        lost.forEach(l -> lines.add("  lost         " + lost(l)));
        if (lost.isEmpty()) {
            lines.add("  lost         nothing: no batch had to be tried again");
        }
        if (status.now() != null) {
            lines.addAll(SignalLines.table(status.pace().signals()));
        }
        return lines;
    }

    private static String speed(PaceRecord now) {
        Double rate = now.rowsPerSecond();
        TimeLeft left = now.left();
        return (rate == null ? "measuring" : Figures.count(Math.round(rate)) + " rows/s")
                + (left == null ? "" : ", " + Figures.left(left));
    }

    /** {@code workers: 2 busy of 2; a batch: 4,169 rows, 393 of 500 ms}. */
    static String limit(PaceRecord now) {
        String batch = batch(now);
        return now.limit() + (batch == null ? "" : "; a batch: " + batch);
    }

    /** {@code 4,169 rows, 393 of 500 ms}; null before the first. */
    static @Nullable String batch(PaceRecord now) {
        Duration time = now.batchTime();
        Integer rows = now.batchRows();
        return time == null || rows == null
                ? null
                : Figures.rows(rows) + ", " + time.toMillis() + " of "
                        + now.batchTarget().toMillis() + " ms";
    }

    private static String lost(LostTime lost) {
        return Figures.time(lost.time()) + " to " + lost.reason() + ", " + Figures.count(lost.times())
                + (lost.times() == 1 ? " time" : " times");
    }
}
