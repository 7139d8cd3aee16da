package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.List;
import java.util.Map;

/** Which objects outside of the database hold before-images of a run. Thread-safe: the session passed in is the caller's. */
public final class ExportedTable {
    private ExportedTable() {}

    /** In the caller's transaction, which is that of the batch: data, position and entry are there together. */
    public static void write(Session session, long runId, ExportedRecord exported) {
        session.update(
                """
                INSERT INTO backhoe.exported (run_id, object, chunk, rows, bytes, sha256)
                VALUES (CAST(:run AS bigint), :object, CAST(:chunk AS integer), CAST(:rows AS bigint),
                        CAST(:bytes AS bigint), :sha256)
                """,
                Map.of(
                        "run", Long.toString(runId),
                        "object", exported.object(),
                        "chunk", Integer.toString(exported.chunk()),
                        "rows", Long.toString(exported.rows()),
                        "bytes", Long.toString(exported.bytes()),
                        "sha256", exported.sha256()));
    }

    /** All of a run, in order of their names. */
    public static List<ExportedRecord> all(Session session, long runId) {
        return session.query("""
                        SELECT object, chunk, rows, bytes, sha256 FROM backhoe.exported
                        WHERE run_id = CAST(:run AS bigint) ORDER BY object COLLATE "C"
                        """, Map.of("run", Long.toString(runId))).stream()
                .map(row -> new ExportedRecord(
                        row.required(0), (int) row.number(1), row.number(2), row.number(3), row.required(4)))
                .toList();
    }

    /**
     * As {@link #all}, when none of them can be lost any more: batches commit without waiting for the disk, and what others
     * are told of has to outlive a crash of the server.
     */
    public static List<ExportedRecord> settled(Session session, long runId) {
        return Transactions.durably(session, () -> {
            var found = all(session, runId);
            // A transaction with a number is flushed at its end, and with it every one before.
            session.query("SELECT CAST(pg_current_xact_id() AS text)", Map.of());
            return found;
        });
    }
}
