package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.Map;

/** From what on it is counted how much of the disk a run takes, over all its executions. */
public final class DiskBudget {
    private DiskBudget() {}

    /**
     * What was there when the run began; whoever asks first says that it is this.
     *
     * @param bytes that table, indexes and before-images take now
     */
    public static long bytesAtFirst(Session session, long runId, long bytes) {
        String run = Long.toString(runId);
        String known = RunTable.values(session, runId, "bytes_at_first").text(0);
        if (known != null) {
            return Long.parseLong(known);
        }
        session.update(
                "UPDATE backhoe.run SET bytes_at_first = CAST(:bytes AS bigint) WHERE run_id = CAST(:run AS bigint)",
                Map.of("run", run, "bytes", Long.toString(bytes)));
        return bytes;
    }
}
