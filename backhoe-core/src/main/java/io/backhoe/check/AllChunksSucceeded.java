package io.backhoe.check;

import io.backhoe.ledger.ChunkTable;
import io.backhoe.value.ChunkState;

/** Whether each chunk has been done, and no row set aside: as the ledger has it. */
final class AllChunksSucceeded implements Question {
    private static final int MOST_READ = 100;

    @Override
    public CheckResult ask(Ground ground) {
        long run = ground.required().id();
        String sql = "SELECT chunk_id, state, error FROM backhoe.chunk WHERE run_id = " + run
                + " AND state NOT IN ('success', 'skipped');";
        var look = ChunkTable.look(ground.session(), run, MOST_READ);
        var totals = look.totals();
        long done = totals.count(ChunkState.SUCCESS) + totals.count(ChunkState.SKIPPED);
        if (done == totals.all() && totals.quarantined() == 0) {
            return CheckResult.holds(Said.count(totals.all(), "chunk") + " done, " + Said.count(totals.changed(), "row")
                            + " changed, none set aside")
                    .shownBy(sql);
        }
        var open = look.chunks().stream()
                .map(c -> c.id() + " (" + c.state().word()
                        + (c.quarantined() > 0 ? ", " + Said.count(c.quarantined(), "row") + " set aside" : "") + ")")
                .toList();
        return CheckResult.fails((totals.all() - done) + " of " + Said.count(totals.all(), "chunk") + " not done, "
                        + Said.count(totals.quarantined(), "row") + " set aside: " + Said.list(open))
                .shownBy(sql);
    }
}
