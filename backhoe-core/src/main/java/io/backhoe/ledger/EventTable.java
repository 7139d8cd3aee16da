package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** What happened to a run, in the order in which it was written; of very many the moves of its state and the newest. */
    public static List<EventRecord> of(Session session, long runId, int limit) {
        return session.query("""
                        SELECT t, kind, message
                        FROM (SELECT event_id, kind, message,
                                     to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS t
                              FROM backhoe.event WHERE run_id = CAST(:run AS bigint)
                              ORDER BY kind IN ('state', 'executor', 'executor_lost') DESC, event_id DESC
                              LIMIT CAST(:limit AS integer)) newest
                        ORDER BY event_id
                        """, Map.of("run", Long.toString(runId), "limit", Integer.toString(limit))).stream()
                .map(row -> new EventRecord(Instants.required(row.required(0)), row.required(1), row.required(2)))
                .toList();
    }
}
