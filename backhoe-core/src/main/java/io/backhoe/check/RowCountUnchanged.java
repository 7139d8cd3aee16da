package io.backhoe.check;

import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.RunTotals;
import io.backhoe.run.batch.MeantRows;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether each batch updated exactly the rows that it was to. One that did not was rolled back, and its chunk has failed or
 * its row was set aside, which this reads. An UPDATE adds and removes no row, so what has come or gone since the baseline was
 * counted came from others, or from a trigger, and is told.
 */
final class RowCountUnchanged implements Question {
    private static final String OTHER = """
            SELECT c.chunk_id, min(f.message)
            FROM (SELECT chunk, error AS message
                  FROM backhoe.chunk
                  WHERE run_id = CAST(:run AS bigint) AND sqlstate = :state
                  UNION ALL
                  SELECT chunk, message
                  FROM backhoe.quarantine
                  WHERE run_id = CAST(:run AS bigint) AND sqlstate = :state AND released_at IS NULL) AS f
            JOIN backhoe.chunk c ON c.run_id = CAST(:run AS bigint) AND c.chunk = f.chunk
            GROUP BY c.chunk, c.chunk_id
            ORDER BY c.chunk
            """;

    @Override
    public CheckResult ask(Ground ground) {
        long run = ground.required().id();
        var other = ground.query(OTHER, Map.of("run", Long.toString(run), "state", MeantRows.SQLSTATE));
        if (!other.isEmpty()) {
            return CheckResult.fails("a batch did not update exactly the rows that it was to: "
                    + other.get(0).required(1) + " In "
                    + Said.list(other.stream().map(r -> r.required(0)).toList()));
        }
        var totals = RunTotals.read(ground.session(), run);
        String outside = outside(ground);
        String kept = (outside != null
                        ? outside + " writes outside of our transactions, unseen; it says that it did"
                        : ground.plan().sql().images() == null
                                ? "batches update rows and neither insert nor delete:"
                                : "each batch updated exactly the rows that it kept before-images of, or was rolled back:")
                + " " + Said.count(totals.changed(), "row");
        var before = CheckTable.baseline(ground.session(), run);
        if (before.isEmpty() && outside != null) {
            return CheckResult.notApplicable(
                    kept + ", and rows were not counted beforehand (capture_baseline_metrics among the"
                            + " pre_checks does)");
        }
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
                : "; " + Said.count(now, "row") + " in scope, " + Said.count(was, "row") + " before: by "
                        + whose(ground) + ", in " + Said.list(periods);
        var result = CheckResult.holds(kept + others);
        result =
                result.shownBy(ground.shown(ground.sql().rows(), ground.pieces().get(0)) + ";");
        return periods.isEmpty() ? result : result.asWarning();
    }

    /** Who does the work where our batches do not; null where they do. */
    private static @Nullable String outside(Ground ground) {
        var function = ground.plan().spec().requiredTransform().perChunk();
        return function == null ? null : function.who();
    }

    private static String whose(Ground ground) {
        String outside = outside(ground);
        if (outside != null) {
            return "inserts and deletes, of others or of " + outside;
        }
        var triggers = ground.table().triggers();
        return triggers.isEmpty()
                ? "others' inserts and deletes"
                : "inserts and deletes, of others or of what the run's own writes set off ("
                        + String.join(", ", triggers) + ")";
    }
}
