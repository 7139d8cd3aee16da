package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** What happened to a run, append-only. */
public final class EventTable {
    private EventTable() {}

    public static void write(Session session, long runId, String kind, @Nullable Integer chunk, String message) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("kind", kind);
        parameters.put("chunk", chunk == null ? null : chunk.toString());
        parameters.put("message", message);
        session.update("""
                INSERT INTO backhoe.event (run_id, kind, chunk, message)
                VALUES (CAST(:run AS bigint), :kind, CAST(:chunk AS integer), :message)
                """, parameters);
    }
}
