package io.backhoe.ledger;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.value.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attempts that did not work, and rows that were set aside. Only here the server's DETAIL is kept. */
public final class TroubleTable {
    private TroubleTable() {}

    public static void attempt(
            Session session, long runId, SegmentRecord segment, int batchRows, DatabaseException error) {
        var parameters = error(runId, segment.chunk(), error);
        parameters.put("segment", Integer.toString(segment.number()));
        parameters.put("rows", Integer.toString(batchRows));
        session.update("""
                INSERT INTO backhoe.attempt (run_id, chunk, segment, batch_rows, sqlstate, message, detail)
                VALUES (CAST(:run AS bigint), CAST(:chunk AS integer), CAST(:segment AS integer),
                        CAST(:rows AS integer), :sqlstate, :message, :detail)
                """, parameters);
    }

    /** Sets one row aside, in the transaction that moves the segment past it. */
    public static void quarantine(
            Session session, long runId, SegmentRecord segment, Key row, DatabaseException error) {
        var parameters = error(runId, segment.chunk(), error);
        parameters.put("after", KeyText.write(segment.position()));
        parameters.put("row", KeyText.write(row));
        session.update("""
                INSERT INTO backhoe.quarantine (run_id, chunk, after_key, row_key, sqlstate, message, detail)
                VALUES (CAST(:run AS bigint), CAST(:chunk AS integer), :after, :row, :sqlstate, :message, :detail)
                """, parameters);
    }

    /** How many rows of a run are set aside now. */
    public static long quarantined(Session session, long runId) {
        return session.query("""
                        SELECT count(*) FROM backhoe.quarantine
                        WHERE run_id = CAST(:run AS bigint) AND released_at IS NULL
                        """, Map.of("run", Long.toString(runId))).get(0).number(0);
    }

    /** How often a row of a run was set aside, those among them that were done again since. */
    public static long everQuarantined(Session session, long runId) {
        return session.query(
                        "SELECT count(*) FROM backhoe.quarantine WHERE run_id = CAST(:run AS bigint)",
                        Map.of("run", Long.toString(runId)))
                .get(0)
                .number(0);
    }

    /** Attempts of a run that did not work and were made again or given up, by SQLSTATE, the most frequent first. */
    public static List<TroubleCount> attempts(Session session, long runId) {
        return counts(session, runId, "FROM backhoe.attempt WHERE run_id = CAST(:run AS bigint)");
    }

    /** Rows of a run that are set aside now, by SQLSTATE, the most frequent first. */
    public static List<TroubleCount> quarantine(Session session, long runId) {
        return counts(
                session, runId, "FROM backhoe.quarantine WHERE run_id = CAST(:run AS bigint) AND released_at IS NULL");
    }

    private static List<TroubleCount> counts(Session session, long runId, String from) {
        return session
                .query(
                        """
                        SELECT sqlstate, count(*),
                               to_char(min(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                               to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                        """ + from + " GROUP BY sqlstate ORDER BY count(*) DESC, sqlstate",
                        Map.of("run", Long.toString(runId)))
                .stream()
                .map(row -> new TroubleCount(
                        row.required(0),
                        row.number(1),
                        Instants.required(row.required(2)),
                        Instants.required(row.required(3))))
                .toList();
    }

    private static Map<String, @Nullable String> error(long runId, int chunk, DatabaseException error) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("chunk", Integer.toString(chunk));
        parameters.put("sqlstate", error.sqlState());
        parameters.put("message", error.getMessage());
        parameters.put("detail", error.detail());
        return parameters;
    }
}
