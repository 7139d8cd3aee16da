package io.backhoe.check;

import io.backhoe.spec.Correction;
import java.util.Map;

/** Whether a correction means as many rows as somebody said it would. Counts them, chunk by chunk. */
final class ExpectedRows implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        Correction correction = ground.plan().spec().correction();
        Correction.Expected expected = correction == null ? null : correction.expected();
        if (correction == null || expected == null) {
            return CheckResult.notApplicable("correction.expect_rows does not say how many rows are meant");
        }
        if (ground.plan().restOf() != null) {
            return CheckResult.notApplicable("these are the chunks that run "
                    + ground.plan().restOf() + " has left, which was asked it of all of them");
        }
        long rows = 0;
        for (Piece piece : ground.pieces()) {
            rows += ground.query(ground.sql().rows(), piece, Map.of()).get(0).number(0);
        }
        String said = Said.count(rows, "row") + " of " + ground.table().name() + (rows == 1 ? " is" : " are")
                + " meant, and correction.expect_rows says " + expected;
        var result = expected.holds(rows) ? CheckResult.holds(said) : CheckResult.fails(said);
        // Of a file there are no records yet that somebody could look at.
        return correction.records() != null || ground.pieces().isEmpty()
                ? result
                : result.shownBy(
                        ground.shown(ground.sql().rows(), ground.pieces().get(0)) + ";");
    }
}
