package io.backhoe.check;

import io.backhoe.ledger.CheckTable.Baseline;
import io.backhoe.ledger.GapTable;
import java.util.ArrayList;
import java.util.List;

/** Counts what is missing in each chunk before the run, so that the report can set it beside what was inserted. */
final class CaptureGaps implements Question {
    private final List<Baseline> captured = new ArrayList<>();

    /** What was found; nothing before it was asked. */
    List<Baseline> captured() {
        return List.copyOf(captured);
    }

    @Override
    public CheckResult ask(Ground ground) {
        captured.clear();
        var gaps = GapCounts.of(ground);
        for (int i = 0; i < gaps.counts().size(); i++) {
            var count = gaps.counts().get(i);
            captured.add(GapTable.baseline(gaps.pieces().get(i).number(), count.expected(), count.missing()));
        }
        var sum = gaps.sum();
        return CheckResult.holds("the query yields " + Said.count(sum.expected(), "row") + ", of which the table lacks "
                        + Said.count(sum.missing(), "row")
                        + (gaps.lacking().isEmpty() ? "" : ": " + Said.list(gaps.lacking())))
                .shownBy(
                        gaps.pieces().isEmpty()
                                ? null
                                : ground.shown(
                                                gaps.sql().counts(),
                                                gaps.pieces().get(0)) + ";");
    }
}
