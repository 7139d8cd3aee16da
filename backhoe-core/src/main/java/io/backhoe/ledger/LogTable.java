package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that the ledger knows of when things happened to a run, as one log. Nothing is written for it. */
public final class LogTable {
    private static final String LINES = """
            SELECT 'event-' || e.event_id AS id, e.at, e.kind, c.chunk_id, e.message, e.event_id AS n, e.who, e.origin, e.why,
                   e.was, e.became
            FROM backhoe.event e LEFT JOIN backhoe.chunk c ON c.run_id = e.run_id AND c.chunk = e.chunk
            WHERE e.run_id = CAST(:run AS bigint)
            UNION ALL
            SELECT 'start-' || c.chunk || '-' || c.attempts, c.started_at, 'chunk_started', c.chunk_id,
                   'about ' || c.estimated_rows || ' rows', c.chunk, NULL, NULL, NULL, NULL, NULL
            FROM backhoe.chunk c
            WHERE c.run_id = CAST(:run AS bigint) AND c.started_at IS NOT NULL
            UNION ALL
            SELECT 'end-' || c.chunk || '-' || c.attempts, c.ended_at,
                   'chunk_' || CASE WHEN c.state <> 'rolled_back' THEN c.state
                                    WHEN c.error IS NULL THEN 'success' ELSE 'failed' END, c.chunk_id,
                   coalesce(c.error, c.reason,
                            (SELECT sum(s.changed) || ' rows changed of ' || sum(s.examined) || ' examined'
                             FROM backhoe.segment s
                             WHERE s.run_id = c.run_id AND s.phase = 'run' AND s.chunk = c.chunk), ''), c.chunk,
                   NULL, NULL, NULL, NULL, NULL
            FROM backhoe.chunk c
            WHERE c.run_id = CAST(:run AS bigint) AND c.ended_at IS NOT NULL
            UNION ALL
            SELECT 'undone-' || c.chunk, c.undone_at, 'chunk_rolled_back', c.chunk_id,
                   (SELECT coalesce(sum(s.changed), 0) || ' rows restored'
                    FROM backhoe.segment s
                    WHERE s.run_id = c.run_id AND s.phase = 'undo' AND s.chunk = c.chunk), c.chunk,
                   NULL, NULL, NULL, NULL, NULL
            FROM backhoe.chunk c
            WHERE c.run_id = CAST(:run AS bigint) AND c.state = 'rolled_back' AND c.undone_at IS NOT NULL
            UNION ALL
            SELECT 'attempt-' || a.attempt_id, a.at, 'retry', c.chunk_id,
                   'a batch of ' || a.batch_rows || ' rows did not work (SQLSTATE ' || a.sqlstate || '): ' || a.message,
                   a.attempt_id, NULL, NULL, NULL, NULL, NULL
            FROM backhoe.attempt a LEFT JOIN backhoe.chunk c ON c.run_id = a.run_id AND c.chunk = a.chunk
            WHERE a.run_id = CAST(:run AS bigint)
            UNION ALL
            SELECT 'quarantine-' || q.quarantine_id, q.at, 'quarantined', c.chunk_id,
                   'a row was set aside (SQLSTATE ' || q.sqlstate || '): ' || q.message, q.quarantine_id,
                   NULL, NULL, NULL, NULL, NULL
            FROM backhoe.quarantine q LEFT JOIN backhoe.chunk c ON c.run_id = q.run_id AND c.chunk = q.chunk
            WHERE q.run_id = CAST(:run AS bigint)
            UNION ALL
            -- What does not hold is an event.
            SELECT 'check-' || k.check_id, k.at, 'check', NULL, k.name || ' ' || k.verdict || ': ' || k.evidence, k.check_id,
                   NULL, NULL, NULL, NULL, NULL
            FROM backhoe.check_result k
            WHERE k.run_id = CAST(:run AS bigint)
              AND (k.verdict = 'holds' OR (k.verdict = 'could_not_tell' AND k.remark = 'warning'))
            UNION ALL
            SELECT 'request-' || r.request_id, r.at, 'request', NULL, r.verb || ' asked by ' || r.requested_by,
                   r.request_id, r.requested_by, NULL, r.why, NULL, NULL
            FROM backhoe.request r
            WHERE r.run_id = CAST(:run AS bigint)
              -- Its event says more, since there is one.
              AND NOT EXISTS (SELECT FROM backhoe.event e
                              WHERE e.run_id = r.run_id AND e.kind = 'command' AND e.at = r.at)
            """;

    private LogTable() {}

    /** @param since the oldest moment, or null for all; @param limit the newest so many, in the order in which they happened */
    public static List<LogEntry> lines(Session session, long runId, @Nullable Instant since, int limit) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("since", since == null ? null : since.toString());
        parameters.put("limit", Integer.toString(limit));
        return session.query("""
                        SELECT id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind, chunk_id, message,
                               who, origin, why, was, became
                        FROM (SELECT * FROM (%s) AS lines
                              WHERE CAST(:since AS timestamptz) IS NULL OR at >= CAST(:since AS timestamptz)
                              ORDER BY at DESC, n DESC, kind DESC LIMIT CAST(:limit AS integer)) newest
                        ORDER BY at, n, kind
                        """.formatted(LINES), parameters).stream()
                .map(LogTable::read)
                .toList();
    }

    private static LogEntry read(Row row) {
        return new LogEntry(
                row.required(0),
                Instants.required(row.required(1)),
                row.required(2),
                row.text(3),
                row.required(4),
                row.text(5),
                row.text(6),
                row.text(7),
                row.text(8),
                row.text(9));
    }
}
