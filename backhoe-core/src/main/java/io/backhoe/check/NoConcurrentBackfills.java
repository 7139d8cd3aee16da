package io.backhoe.check;

import io.backhoe.ledger.Overlap;

/** Whether a run that has not ended sets one of the columns of an overlapping range. Entering a run asks it again. */
final class NoConcurrentBackfills implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        var others = Overlap.inTheWay(
                ground.session(), ground.plan(), ground.table().name().toString());
        String sql = "SELECT run_id, name, state FROM backhoe.run WHERE table_name = '"
                + ground.table().name().toString().replace("'", "''")
                + "' AND state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK');";
        return (others.isEmpty()
                        ? CheckResult.holds("no run that has not ended sets the same column of an overlapping range")
                        : CheckResult.fails(Said.list(others)
                                + " sets the same column of an overlapping range and has not" + " ended"))
                .shownBy(sql);
    }
}
