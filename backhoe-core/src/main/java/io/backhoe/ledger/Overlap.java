package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.List;
import java.util.Map;

/** Keeps apart runs that set the same column of overlapping ranges of a table. */
public final class Overlap {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('backhoe'), hashtext('runs'))";

    // A table is known by its number, so that no other name hides it; its name counts too, since a plan writes to that.
    // A
    // parent has the rows of its partitions and children.
    private static final String OTHER = """
            WITH RECURSIVE mine AS (
                SELECT r.*, coalesce(r.table_oid, CAST(to_regclass(r.table_name) AS oid)) AS relation
                FROM backhoe.run r WHERE r.run_id = CAST(:run AS bigint)
            ), up (relation) AS (
                SELECT relation FROM mine
                UNION
                SELECT i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.relation
            ), down (relation) AS (
                SELECT relation FROM mine
                UNION
                SELECT i.inhrelid FROM down JOIN pg_inherits i ON i.inhparent = down.relation
            )
            SELECT o.run_id
            FROM mine r
            JOIN backhoe.run o ON o.run_id <> r.run_id
            -- Where two runs read the calendar in different time zones, their days may be up to a day apart.
            CROSS JOIN LATERAL (SELECT CASE WHEN o.timezone = r.timezone THEN interval '0'
                                            ELSE interval '1 day' END) AS m (margin)
            WHERE o.state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK')
              AND (o.table_name = r.table_name
                   OR coalesce(o.table_oid, CAST(to_regclass(o.table_name) AS oid)) IN
                      (SELECT relation FROM up UNION SELECT relation FROM down))
              -- Ranges of two columns are no ranges of one another. A scope without dates is the whole table.
              AND (o.scope_column <> r.scope_column
                   OR coalesce(o.scope_start, '-infinity') < coalesce(r.scope_end, 'infinity') + m.margin
                      AND coalesce(o.scope_end, 'infinity') > coalesce(r.scope_start, '-infinity') - m.margin)
              AND jsonb_exists_any(CAST(o.columns AS jsonb),
                                   ARRAY(SELECT jsonb_array_elements_text(CAST(r.columns AS jsonb))))
            ORDER BY o.run_id LIMIT 1
            """;

    private Overlap() {}

    /**
     * To be called in the transaction that makes the run one of those that are looked for here. No other such call passes
     * before that has ended, whichever table it is about.
     *
     * @throws BackhoeException CONFLICT when another run, which has not ended, is in this one's way
     */
    static void refuse(Session session, long runId) {
        session.query(LOCK, Map.of());
        var other = session.query(OTHER, Map.of("run", Long.toString(runId)));
        if (!other.isEmpty()) {
            throw refusal(RunTable.find(session, other.get(0).number(0)).orElseThrow());
        }
    }

    private static BackhoeException refusal(RunRecord other) {
        String id = Long.toString(other.id());
        boolean planned = other.state() == RunState.PLANNED && !other.executed();
        return new BackhoeException(
                ExitCode.CONFLICT,
                "run_overlaps",
                "Run " + id + " (" + other.name() + ", " + other.state()
                        + ") sets the same column of an overlapping range of " + other.table() + " and has not ended"
                        + (planned ? "; no process executes it, and it has changed nothing so far" : "")
                        + ". Nothing was changed.",
                planned
                        ? "backhoe cancel " + id + " frees its range; backhoe resume " + id + " executes it."
                        : "backhoe status " + id + "; then resume, cancel or roll it back first.");
    }

    /** As above, in a transaction of its own, before a run works again that may have ended. */
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
