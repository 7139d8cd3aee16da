package io.backhoe.check;

import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.RunTotals;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the run itself has added or lost a row. An UPDATE cannot, and each batch was rolled back unless it wrote as many
 * rows as it kept before-images of; so what has come or gone since the baseline was counted came from others, and is told.
 */
final class RowCountUnchanged implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        long run = ground.required().id();
        var totals = RunTotals.read(ground.session(), run);
        String kept = (ground.plan().sql().images() == null
                        ? "batches update rows and neither insert nor delete"
                        : "each batch updated exactly the rows that it kept before-images of, or was rolled back")
                + ": " + Said.count(totals.changed(), "row");
        var before = CheckTable.baseline(ground.session(), run);
        if (before.isEmpty()) {
            return CheckResult.holds(
                    kept + ". Inserts and deletes by others were not counted (capture_baseline_metrics among"
                            + " the pre_checks does)");
        }
        return count(ground, before, kept);
    }

    private static CheckResult count(Ground ground, Map<Integer, CheckTable.Baseline> before, String kept) {
        var periods = new ArrayList<String>();
        long was = 0;
        long now = 0;
        for (Piece piece : ground.pieces()) {
            var baseline = before.get(piece.number());
            if (baseline == null) {
                continue;
            }
            long counted =
                    ground.query(ground.sql().rows(), piece, Map.of()).get(0).number(0);
            was += baseline.rows();
            now += counted;
            if (counted != baseline.rows()) {
                periods.add(String.format(Locale.ROOT, "%s (%+,d)", piece.id(), counted - baseline.rows()));
            }
        }
        String others = periods.isEmpty()
                ? "; " + Said.count(now, "row") + " in scope, as before in each chunk"
                : "; " + Said.count(now, "row") + " in scope, " + Said.count(was, "row")
                        + " before: by others' inserts and deletes, in " + Said.list(periods);
        var result = CheckResult.holds(kept + others);
        result =
                result.shownBy(ground.shown(ground.sql().rows(), ground.pieces().get(0)) + ";");
        return periods.isEmpty() ? result : result.asWarning();
    }
}
