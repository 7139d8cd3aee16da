package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps apart runs that set the same column of overlapping ranges of a table. */
public final class Overlap {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('backhoe'), hashtext('runs'))";

    private static final String RUN = """
            SELECT r.run_id, r.table_name, r.columns, r.scope_column, r.scope_start, r.scope_end, r.timezone,
                   coalesce(r.table_oid, CAST(to_regclass(r.table_name) AS oid)) AS relation
            FROM backhoe.run r WHERE r.run_id = CAST(:run AS bigint)
            """;
    private static final String PLAN = """
            SELECT CAST(NULL AS bigint) AS run_id, CAST(:table AS text) AS table_name, CAST(:columns AS text) AS columns,
                   CAST(:column AS text) AS scope_column, CAST(:start AS timestamp) AS scope_start,
                   CAST(:end AS timestamp) AS scope_end, CAST(:zone AS text) AS timezone,
                   CAST(to_regclass(:table) AS oid) AS relation
            """;

    // A table is known by its number, so that no other name hides it; its name counts too, since a plan writes to that.
    // A parent has the rows of its partitions and children.
    private static final String OTHERS = """
            WITH RECURSIVE mine AS (
                %s
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
            JOIN backhoe.run o ON o.run_id IS DISTINCT FROM r.run_id
            -- Time zones are 12 hours behind UTC to 14 ahead, so their calendars are up to 26 hours apart.
            CROSS JOIN LATERAL (SELECT CASE WHEN o.timezone = r.timezone THEN interval '0'
                                            ELSE interval '26 hours' END) AS m (margin)
            WHERE %s
              AND (o.table_name = r.table_name
                   OR coalesce(o.table_oid, CAST(to_regclass(o.table_name) AS oid)) IN
                      (SELECT relation FROM up UNION SELECT relation FROM down))
              -- Ranges of two columns are no ranges of one another. A scope without dates is the whole table.
              AND (o.scope_column <> r.scope_column
                   OR coalesce(o.scope_start, '-infinity') < coalesce(r.scope_end, 'infinity') + m.margin
                      AND coalesce(o.scope_end, 'infinity') > coalesce(r.scope_start, '-infinity') - m.margin)
              AND jsonb_exists_any(CAST(o.columns AS jsonb),
                                   ARRAY(SELECT jsonb_array_elements_text(CAST(r.columns AS jsonb))))
            ORDER BY o.run_id
            """;

    private static final String NOT_ENDED = "o.state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK')";
    private static final String LATER = """
            o.run_id > r.run_id AND o.state <> 'ROLLED_BACK' AND o.purged_at IS NULL
              AND to_regclass('backhoe.before_image_' || CAST(o.run_id AS text)) IS NOT NULL""";

    private Overlap() {}

    /**
     * To be called in the transaction that makes the run one of those that are looked for here. No other such call passes
     * before that has ended, whichever table it is about.
     *
     * @throws BackhoeException CONFLICT when another run, which has not ended, is in this one's way
     */
    static void refuse(Session session, long runId) {
        session.query(LOCK, Map.of());
        var others = others(session, RUN, Map.of("run", Long.toString(runId)));
        if (!others.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "run_overlaps",
                    others.get(0).said() + ". Nothing was changed.",
                    others.get(0).remedy());
        }
    }

    private static List<Other> others(Session session, String mine, Map<String, @Nullable String> parameters) {
        return session.query(String.format(OTHERS, mine, NOT_ENDED), parameters).stream()
                .map(row -> new Other(RunTable.find(session, row.number(0)).orElseThrow()))
                .toList();
    }

    /** A run that is in the way of another. */
    public record Other(RunRecord run) {
        private boolean planned() {
            return run.state() == RunState.PLANNED && !run.executed();
        }

        /** A sentence without its stop. */
        public String said() {
            return "Run " + run.id() + " (" + run.name() + ", " + run.state()
                    + ") sets the same column of an overlapping range of " + run.table() + " and has not ended"
                    + (planned() ? "; no process executes it, and it has changed nothing so far" : "");
        }

        /** What to do about it. */
        public String remedy() {
            return planned()
                    ? "backhoe cancel " + run.id() + " frees its range; backhoe resume " + run.id() + " executes it."
                    : "backhoe status " + run.id() + "; then resume, cancel or roll it back first.";
        }
    }

    /** As above, in a transaction of its own, before a run works again that may have ended. */
    public static void refuseAgain(Session session, long runId) {
        Transactions.durably(session, () -> {
            refuse(session, runId);
            var run = RunTable.find(session, runId).orElseThrow();
            NewRun.plan(session, run.planHash()).ifPresent(plan -> Cycle.refuse(session, plan));
            return runId;
        });
    }

    /** Those that are newer, have not been taken back, and have before-images of what they wrote; the newest first. */
    static List<Long> later(Session session, long runId) {
        return session.query(String.format(OTHERS, RUN, LATER), Map.of("run", Long.toString(runId))).stream()
                .map(row -> row.number(0))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /**
     * The runs that a plan could not be entered beside, by a ledger that is {@link LedgerState.Kind#CURRENT}. Locks nothing,
     * so entering asks again.
     */
    public static List<Other> inTheWay(Session session, Plan plan, String table) {
        return others(session, PLAN, NewRun.run(plan, table, ""));
    }
}
