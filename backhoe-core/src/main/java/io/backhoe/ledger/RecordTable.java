package io.backhoe.ledger;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Records;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.spec.Correction;
import io.backhoe.value.SqlName;
import java.util.Locale;
import java.util.stream.Collectors;

/** The records of a correction's file, a table a run: from the moment on that the run is entered the file is not needed. */
final class RecordTable {
    private RecordTable() {}

    /** Keeps what the session has read, in the caller's transaction. Does nothing where no file names the rows. */
    static void keep(Session session, Plan plan, long runId) {
        Correction.Records records = plan.spec().records();
        if (records == null) {
            return;
        }
        String table = name(runId);
        session.execute("CREATE TABLE " + table + " AS SELECT * FROM " + Records.SCRATCH);
        session.execute("ALTER TABLE " + table + " ADD PRIMARY KEY ("
                + records.key().stream().map(SqlName::quote).collect(Collectors.joining(", ")) + ")");
        // Of a table that it knows nothing of the server expects so many rows that it would read the other one whole.
        session.execute("ANALYZE " + table);
        EventTable.write(
                session,
                runId,
                NewEvent.of(
                        Purpose.RECORDS,
                        String.format(
                                Locale.ROOT,
                                "%,d records of %s, sha256 %s",
                                records.rows(),
                                records.file(),
                                records.sha256())));
    }

    static void drop(Session session, long runId) {
        session.execute("DROP TABLE IF EXISTS " + name(runId));
    }

    private static String name(long runId) {
        return Records.TABLE.replace(BatchSql.RUN, Long.toString(runId));
    }
}
