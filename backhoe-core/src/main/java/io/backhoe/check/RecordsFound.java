package io.backhoe.check;

import io.backhoe.assess.RecordColumns;
import io.backhoe.database.Records;
import io.backhoe.ledger.RunTotals;
import io.backhoe.spec.Correction;
import java.util.Locale;
import java.util.Map;

/**
 * Whether each record of a correction has found its row. One that others have deleted since it was planned is told, and stops
 * nothing: there is nothing left to be corrected.
 */
final class RecordsFound implements Question {
    private static final int MOST_NAMED = 12;

    @Override
    public CheckResult ask(Ground ground) {
        var spec = ground.plan().spec();
        Correction.Records file = spec.records();
        Records records = RecordColumns.of(spec, ground.table());
        if (file == null || records == null) {
            return CheckResult.notApplicable("no file names the rows (correction.keys)");
        }
        String sql = records.withoutRow(ground.table().name(), MOST_NAMED);
        var gone = ground.query(sql, Map.of());
        long missing = gone.isEmpty() ? 0 : gone.get(0).number(1);
        long rows = file.rows() == null ? 0 : file.rows();
        long changed = RunTotals.read(ground.session(), ground.required().id()).changed();
        String said = String.format(
                Locale.ROOT,
                "%s of %s: %,d changed their row, %,d left it as it was (right already, not in scope, or set aside), ",
                Said.count(rows, "record"),
                file.file(),
                changed,
                Math.max(0, rows - changed - missing));
        if (missing == 0) {
            return CheckResult.holds(said + "none is without a row").shownBy(ground.shown(sql, Map.of()) + ";");
        }
        String lines = Said.list(gone.stream().map(r -> r.required(0)).toList());
        return CheckResult.holds(said + missing + (missing == 1 ? " has" : " have")
                        + " no row in " + ground.table().name() + " (line " + lines
                        + (missing > gone.size() ? " and " + (missing - gone.size()) + " more" : "") + ")")
                .asWarning()
                .shownBy(ground.shown(sql, Map.of()) + ";");
    }
}
