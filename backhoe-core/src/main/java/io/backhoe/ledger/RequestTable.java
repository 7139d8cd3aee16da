package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.value.Cause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people ask of a run that another process executes. */
public final class RequestTable {
    /**
     * @param verb {@code pause}, {@code cancel} or {@code tune}
     * @param requestedBy who, and the reason that he gave
     * @param tuning what is to be tuned; nothing for other verbs
     */
    public record Request(long id, String verb, String requestedBy, Tuning tuning) {}

    /** The outcome of a request that nobody obeyed, because another process began to execute the run. */
    public static final String SUPERSEDED = "superseded";

    /** The outcome of {@code tune}. */
    public static final String TUNED = "tuned";

    private RequestTable() {}

    /** @return the request's number, to look for its outcome */
    public static long ask(Session session, long runId, String verb, Cause cause) {
        return ask(session, runId, verb, cause, Tuning.NONE);
    }

    /** As above, for {@code tune}. */
    public static long ask(Session session, long runId, String verb, Cause cause, Tuning tuning) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("verb", verb);
        parameters.put("by", cause.who());
        parameters.put("why", cause.why());
        parameters.putAll(tuning.parameters());
        return Transactions.durably(session, () -> {
            String state = session.query(
                            "SELECT state FROM backhoe.run WHERE run_id = CAST(:run AS bigint)",
                            Map.of("run", Long.toString(runId)))
                    .get(0)
                    .required(0);
            String said = tuning.equals(Tuning.NONE) ? verb : verb + ": " + tuning;
            EventTable.write(session, runId, NewEvent.command(said, cause).changing(state, null));
            return session.query("""
                            INSERT INTO backhoe.request
                                (run_id, verb, requested_by, why, workers, batch_ms, policy, limits)
                            VALUES (CAST(:run AS bigint), :verb, :by, :why, CAST(:workers AS integer),
                                    CAST(:batch AS integer), :policy, :limits)
                            RETURNING request_id
                            """, parameters).get(0).number(0);
        });
    }

    /** The same, of whoever executes the run by now. It is no new wish, so that no event tells of it. */
    public static long again(Session session, long requestId) {
        return session.query("""
                        INSERT INTO backhoe.request (run_id, at, verb, requested_by, why, workers, batch_ms, policy, limits)
                        SELECT run_id, at, verb, requested_by, why, workers, batch_ms, policy, limits
                        FROM backhoe.request WHERE request_id = CAST(:id AS bigint)
                        RETURNING request_id
                        """, Map.of("id", Long.toString(requestId))).get(0).number(0);
    }

    public static List<Request> open(Session session, long runId) {
        return session.query("""
                        SELECT request_id, verb, requested_by || coalesce(': ' || why, ''), workers, batch_ms, policy, limits
                        FROM backhoe.request
                        WHERE run_id = CAST(:run AS bigint) AND handled_at IS NULL ORDER BY request_id
                        """, Map.of("run", Long.toString(runId))).stream()
                .map(r -> new Request(r.number(0), r.required(1), r.required(2), Tuning.of(r, 3)))
                .toList();
    }

    /** What was asked of a former executor and not answered is not obeyed by the next. */
    public static void closeOlder(Session session, long runId) {
        session.update("""
                UPDATE backhoe.request SET handled_at = clock_timestamp(), outcome = '%s'
                WHERE run_id = CAST(:run AS bigint) AND handled_at IS NULL
                """.formatted(SUPERSEDED), Map.of("run", Long.toString(runId)));
    }

    public static void close(Session session, long requestId, String outcome) {
        session.update("""
                UPDATE backhoe.request SET handled_at = clock_timestamp(), outcome = :outcome
                WHERE request_id = CAST(:id AS bigint) AND handled_at IS NULL
                """, Map.of("id", Long.toString(requestId), "outcome", outcome));
    }

    /** What became of a request; null while it is open. */
    public static @Nullable String outcome(Session session, long requestId) {
        return session.query(
                        "SELECT outcome FROM backhoe.request WHERE request_id = CAST(:id AS bigint)",
                        Map.of("id", Long.toString(requestId)))
                .get(0)
                .text(0);
    }
}
