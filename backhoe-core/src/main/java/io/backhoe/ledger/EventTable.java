package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a run, append-only. The events of a run are a chain: each holds SHA-256 (FIPS 180-4) over the hash of
 * the one before and its own content, and the run's row holds the number and the hash of the last. One statement moves
 * both, and so holds that row: two writers cannot make two events of the same place.
 */
public final class EventTable {
    /** The content that is hashed, as text; the names stand for an event's columns. */
    static final String CONTENT = """
            CAST(jsonb_build_array(run_id, seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind,
                                   chunk, message, who, origin, why, was, became) AS text)""";

    private static final String APPEND = """
            WITH moved AS (
                UPDATE backhoe.run r
                SET events = r.events + 1,
                    event_head = (
                        SELECT encode(sha256(convert_to(coalesce(r.event_head, '') || %s, 'UTF8')), 'hex')
                        FROM (SELECT r.run_id, r.events + 1 AS seq, e.*
                              FROM (%s) AS e) AS content)
                WHERE r.run_id = CAST(:run AS bigint)
                RETURNING r.run_id, r.events AS seq, r.event_head AS hash
            )
            INSERT INTO backhoe.event (run_id, seq, hash, at, kind, chunk, message, who, origin, why, was, became)
            SELECT m.run_id, m.seq, m.hash, e.*
            FROM moved m
            CROSS JOIN (%s) AS e
            """;

    /** Who did it is known here, and where from: the process, the role, the address and the application. */
    private static final String GIVEN = """
            SELECT coalesce(CAST(:at AS timestamptz), now()) AS at, CAST(:kind AS text) AS kind,
                   CAST(:chunk AS integer) AS chunk, CAST(:message AS text) AS message, CAST(:who AS text) AS who,
                   CAST(:process AS text) || ', ' || session_user || coalesce(' at ' || host(inet_client_addr()), '')
                       || ', ' || current_setting('application_name') AS origin,
                   CAST(:why AS text) AS why, CAST(:was AS text) AS was, CAST(:became AS text) AS became""";

    private static final String APPENDED = APPEND.formatted(CONTENT, GIVEN, GIVEN);

    private EventTable() {}

    static void write(Session session, long runId, NewEvent event) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("at", event.at() == null ? null : event.at().toString());
        parameters.put("kind", event.kind());
        parameters.put("chunk", event.chunk() == null ? null : event.chunk().toString());
        parameters.put("message", event.message());
        parameters.put("who", event.who() == null ? Executor.user() : event.who());
        parameters.put("process", Executor.name());
        parameters.put("why", event.why());
        parameters.put("was", event.was());
        parameters.put("became", event.became());
        session.update(APPENDED, parameters);
    }

    /** Writes something that an executor has noticed, and that changes nothing of the run. */
    public static void note(Session session, long runId, String kind, String message) {
        write(session, runId, NewEvent.of(kind, message));
    }

    /** Whether there is one of the kind. */
    public static boolean has(Session session, long runId, String kind) {
        return newest(session, runId, List.of(kind)).isPresent();
    }

    /** The newest event of these kinds. */
    public static Optional<EventRecord> newest(Session session, long runId, List<String> kinds) {
        return session.query("""
                        SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind, message, who, origin, why,
                               was, became
                        FROM backhoe.event
                        WHERE run_id = CAST(:run AS bigint) AND kind = ANY (string_to_array(:kinds, ','))
                        ORDER BY event_id DESC LIMIT 1
                        """, Map.of("run", Long.toString(runId), "kinds", String.join(",", kinds))).stream()
                .findFirst()
                .map(EventTable::read);
    }

    /** How often the run has come to one of these states. */
    static int arrivals(Session session, long runId, Collection<String> states) {
        return (int) session.query("""
                        SELECT count(*) FROM backhoe.event
                        WHERE run_id = CAST(:run AS bigint) AND kind = 'state'
                          AND became = ANY (string_to_array(:states, ','))
                        """, Map.of("run", Long.toString(runId), "states", String.join(",", states)))
                .get(0)
                .number(0);
    }

    /** What happened to a run, in the order in which it was written; of very many the moves of its state and the newest. */
    public static List<EventRecord> of(Session session, long runId, int limit) {
        return session.query("""
                        SELECT t, kind, message, who, origin, why, was, became
                        FROM (SELECT *, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS t
                              FROM backhoe.event WHERE run_id = CAST(:run AS bigint)
                              ORDER BY kind IN ('state', 'executor', 'executor_lost') DESC, event_id DESC
                              LIMIT CAST(:limit AS integer)) newest
                        ORDER BY event_id
                        """, Map.of("run", Long.toString(runId), "limit", Integer.toString(limit))).stream()
                .map(EventTable::read)
                .toList();
    }

    private static EventRecord read(Row row) {
        return new EventRecord(
                Instants.required(row.required(0)),
                row.required(1),
                row.required(2),
                row.text(3),
                row.text(4),
                row.text(5),
                row.text(6),
                row.text(7));
    }
}
