package io.backhoe.check;

import io.backhoe.ledger.LedgerState;
import io.backhoe.ledger.Overlap;

/** Whether a run that has not ended sets one of the columns of an overlapping range. Entering a run asks it again. */
final class NoConcurrentBackfills implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        var ledger = LedgerState.read(ground.session()).kind();
        if (ledger != LedgerState.Kind.CURRENT) {
            return ledger == LedgerState.Kind.NONE
                    ? CheckResult.holds("no run: there is no ledger here yet")
                    : CheckResult.holds("the ledger is of another version; entering the run asks")
                            .asWarning();
        }
        String table = ground.table().name().toString();
        var others = Overlap.inTheWay(ground.session(), ground.plan(), table);
        String sql = "SELECT run_id, name, state, table_name FROM backhoe.run"
                + " WHERE state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK');";
        return (others.isEmpty()
                        ? CheckResult.holds("no run that has not ended sets the same column of an overlapping range")
                        : CheckResult.fails(Said.list(others.stream()
                                .map(o -> o.said() + " (" + o.remedy() + ")")
                                .toList())))
                .shownBy(sql);
    }
}
