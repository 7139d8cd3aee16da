package io.backhoe.ledger;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.value.Key;
import java.util.HashMap;
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
