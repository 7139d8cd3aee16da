package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.Map;

/** Whether the first part of a run is done, after which a person looks at it. */
public final class CanaryTable {
    private CanaryTable() {}

    /**
     * It is.
     *
     * @throws Superseded when another executor has taken over
     */
    public static void done(Session session, RunRecord run) {
        Transactions.durably(session, () -> {
            RunTable.fence(session, run.id(), run.epoch());
            return session.update(
                    "UPDATE backhoe.run SET canary_at = clock_timestamp() WHERE run_id = CAST(:run AS bigint)",
                    Map.of("run", Long.toString(run.id())));
        });
    }

    public static boolean isDone(Session session, long runId) {
        return RunTable.values(session, runId, "canary_at IS NOT NULL").yes(0);
    }
}
