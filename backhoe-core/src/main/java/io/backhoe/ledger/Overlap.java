package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.Map;

/** Keeps apart runs that set the same column of overlapping ranges of a table. */
public final class Overlap {
    private Overlap() {}

    /**
     * To be called in a transaction of the caller's, which no other such call passes before that has ended.
     *
     * @throws BackhoeException CONFLICT when another run, which has not ended, is in this one's way
     */
    static void refuse(Session session, long runId) {
        var run = Map.of("run", Long.toString(runId));
        session.query("""
                SELECT pg_advisory_xact_lock(hashtext('backhoe'), hashtext(table_name))
                FROM backhoe.run WHERE run_id = CAST(:run AS bigint)
                """, run);
        // Where two runs read the calendar in different time zones, their days may be up to a day apart.
        var other = session.query("""
                SELECT o.run_id, o.name, o.state, o.table_name
                FROM backhoe.run r
                JOIN backhoe.run o ON o.run_id <> r.run_id AND o.table_name = r.table_name
                CROSS JOIN LATERAL (SELECT CASE WHEN o.timezone = r.timezone THEN interval '0'
                                                ELSE interval '1 day' END) AS m (margin)
                WHERE r.run_id = CAST(:run AS bigint)
                  AND o.state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK')
                  -- A scope without dates is the whole table.
                  AND coalesce(o.scope_start, '-infinity') < coalesce(r.scope_end, 'infinity') + m.margin
                  AND coalesce(o.scope_end, 'infinity') > coalesce(r.scope_start, '-infinity') - m.margin
                  AND jsonb_exists_any(CAST(o.columns AS jsonb),
                                       ARRAY(SELECT jsonb_array_elements_text(CAST(r.columns AS jsonb))))
                ORDER BY o.run_id LIMIT 1
                """, run);
        if (!other.isEmpty()) {
            String id = other.get(0).required(0);
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "run_overlaps",
                    "Run " + id + " (" + other.get(0).required(1) + ", "
                            + other.get(0).required(2) + ") sets the same column of an overlapping range of "
                            + other.get(0).required(3) + " and has not ended. Nothing was changed.",
                    "backhoe status " + id + "; then resume, cancel or roll it back first.");
        }
    }

    /** As above, in a transaction of its own, for a run that is about to work again. */
    public static void refuseAgain(Session session, long runId) {
        Transactions.durably(session, () -> {
            refuse(session, runId);
            return runId;
        });
    }

    /**
     * The runs that a plan could not be entered beside, each as its number and name; nothing where there is no ledger. Locks
     * nothing, so entering asks again.
     */
    public static List<String> inTheWay(Session session, Plan plan, String table) {
        boolean ledger = session.query("SELECT to_regclass('backhoe.run') IS NOT NULL", Map.of())
                .get(0)
                .yes(0);
        if (!ledger) {
            return List.of();
        }
        return session.query("""
                        SELECT o.run_id, o.name, o.state
                        FROM backhoe.run o
                        CROSS JOIN LATERAL (SELECT CASE WHEN o.timezone = :zone THEN interval '0'
                                                        ELSE interval '1 day' END) AS m (margin)
                        WHERE o.table_name = :table
                          AND o.state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK')
                          AND coalesce(o.scope_start, '-infinity')
                              < coalesce(CAST(:end AS timestamp), 'infinity') + m.margin
                          AND coalesce(o.scope_end, 'infinity')
                              > coalesce(CAST(:start AS timestamp), '-infinity') - m.margin
                          AND jsonb_exists_any(CAST(o.columns AS jsonb),
                                               ARRAY(SELECT jsonb_array_elements_text(CAST(:columns AS jsonb))))
                        ORDER BY o.run_id
                        """, NewRun.run(plan, table, "")).stream()
                .map(row -> "Run " + row.required(0) + " (" + row.required(1) + ", " + row.required(2) + ")")
                .toList();
    }
}
