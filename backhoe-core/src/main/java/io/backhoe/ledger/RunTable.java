package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.Cause;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs: who executes them, and what state they are in. Thread-safe: the session passed in is the caller's. */
public final class RunTable {
    /** The first half of the advisory locks' number: "back" in ASCII. The second half is the run's number. */
    private static final String LOCK_CLASS = "1650549611";

    private static final String SELECT = """
            SELECT run_id, name, plan_hash, table_name, state, reason, exit_code, phase, epoch, executor,
                   EXISTS (SELECT FROM pg_locks l
                           WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                             AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                             AND l.classid = CAST('%s' AS oid) AND l.objid = CAST(CAST(run_id AS text) AS oid)),
                   to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   to_char(purged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   to_regclass('backhoe.before_image_' || CAST(run_id AS text)) IS NOT NULL
                       OR (backup IS NOT NULL AND purged_at IS NULL),
                   backup
            FROM backhoe.run
            """.formatted(LOCK_CLASS);

    private static final Set<String> ENDED =
            Set.of("SUCCEEDED", "PARTIAL", "FAILED", "CANCELLED", "ROLLED_BACK", "ROLLBACK_PARTIAL");
    private static final Set<String> LEFT_IN = Set.of("RUNNING", "VERIFYING", "ROLLING_BACK");

    private RunTable() {}

    public static Optional<RunRecord> find(Session session, long runId) {
        return session
                .query(SELECT + " WHERE run_id = CAST(:run AS bigint)", Map.of("run", Long.toString(runId)))
                .stream()
                .findFirst()
                .map(RunTable::read);
    }

    /** The newest run of a plan that has done some of it and has ended otherwise than by being taken back. */
    public static Optional<RunRecord> newestOf(Session session, String planHash) {
        return session.query(SELECT + """
                                 WHERE plan_hash = :hash AND started_at IS NOT NULL
                                   AND state IN ('SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED', 'ROLLBACK_PARTIAL')
                                ORDER BY run_id DESC LIMIT 1
                                """, Map.of("hash", planHash)).stream()
                .findFirst()
                .map(RunTable::read);
    }

    /** The run whose backup is there. */
    public static Optional<RunRecord> ofBackup(Session session, String backup) {
        return session.query(SELECT + " WHERE backup = :backup", Map.of("backup", backup)).stream()
                .findFirst()
                .map(RunTable::read);
    }

    /** Runs, newest first; those of a name only when one is given. */
    public static List<RunRecord> list(Session session, @Nullable String name, int limit) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("name", name);
        parameters.put("limit", Integer.toString(limit));
        return session.query(SELECT + """
                                 WHERE CAST(:name AS text) IS NULL OR name = CAST(:name AS text)
                                ORDER BY run_id DESC LIMIT CAST(:limit AS integer)
                                """, parameters).stream()
                .map(RunTable::read)
                .toList();
    }

    /** Takes the run's lock for as long as the session lives. */
    public static boolean lock(Session session, long runId) {
        return session.query(
                        "SELECT pg_try_advisory_lock(" + LOCK_CLASS + ", CAST(:run AS integer))",
                        Map.of("run", Long.toString(runId)))
                .get(0)
                .yes(0);
    }

    public static void unlock(Session session, long runId) {
        session.query(
                "SELECT pg_advisory_unlock(" + LOCK_CLASS + ", CAST(:run AS integer))",
                Map.of("run", Long.toString(runId)));
    }

    /**
     * Ends what workers of a former executor still have open, so that nobody waits for their locks. The caller holds the
     * run's lock, so they are of no use to anybody.
     *
     * @return how many there were
     */
    public static int endFormerWorkers(Session session, long runId) {
        return session.query("""
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name LIKE 'backhoe/' || CAST(:run AS text) || '/%'
                          AND usename = session_user AND pid <> pg_backend_pid()
                          AND datname = current_database()
                        """, Map.of("run", Long.toString(runId))).size();
    }

    /** How many sessions of workers the server still has, whether anybody is at their other end or not. */
    public static long workers(Session session, long runId) {
        return session.query("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE application_name LIKE 'backhoe/' || CAST(:run AS text) || '/%'
                          AND usename = session_user AND datname = current_database()
                        """, Map.of("run", Long.toString(runId))).get(0).number(0);
    }

    /** Fences off whoever executed the run before. The caller holds the lock. */
    public static int takeOver(Session session, long runId, String executor) {
        return takeOver(session, runId, executor, null, null);
    }

    /** As above, where somebody has typed a verb for it. */
    public static int takeOver(
            Session session, long runId, String executor, @Nullable String verb, @Nullable Cause cause) {
        return Transactions.durably(session, () -> {
            var parameters = Map.of("run", Long.toString(runId), "executor", executor);
            // Whoever reads the history later must not take the time in between for work.
            Row before = session.query("""
                    SELECT state, executor, to_char(heartbeat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                    FROM backhoe.run WHERE run_id = CAST(:run AS bigint) FOR UPDATE
                    """, Map.of("run", Long.toString(runId))).get(0);
            if (LEFT_IN.contains(before.required(0)) && before.text(1) != null && before.text(2) != null) {
                var lost = NewEvent.of("executor_lost", before.required(1)).at(Instants.read(before.text(2)));
                EventTable.write(session, runId, lost);
            }
            if (verb != null && cause != null) {
                EventTable.write(session, runId, NewEvent.command(verb, cause).changing(before.required(0), null));
            }
            EventTable.write(session, runId, NewEvent.of("executor", executor).changing(before.text(1), executor));
            int epoch = (int) session.query("""
                            UPDATE backhoe.run
                            SET epoch = epoch + 1, executor = :executor, heartbeat_at = clock_timestamp()
                            WHERE run_id = CAST(:run AS bigint) RETURNING epoch
                            """, parameters).get(0).number(0);
            session.update("""
                    UPDATE backhoe.segment SET epoch = CAST(:epoch AS integer)
                    WHERE run_id = CAST(:run AS bigint) AND NOT done
                    """, Map.of("run", Long.toString(runId), "epoch", Integer.toString(epoch)));
            return epoch;
        });
    }

    /**
     * Holds the run's row until the caller's transaction ends, so that nobody takes over meanwhile.
     *
     * @throws Superseded when somebody already has
     */
    static void fence(Session session, long runId, int epoch) {
        boolean ours = !session.query("""
                        SELECT 1 FROM backhoe.run
                        WHERE run_id = CAST(:run AS bigint) AND epoch = CAST(:epoch AS integer) FOR SHARE
                        """, Map.of("run", Long.toString(runId), "epoch", Integer.toString(epoch)))
                .isEmpty();
        if (!ours) {
            throw new Superseded(runId, epoch);
        }
    }

    /**
     * Moves the run from one state to the next, and writes the event of it. Commits by itself.
     *
     * @throws IllegalStateException when the transition table does not allow it
     * @throws Superseded when another executor has taken over, or the run is not in that state any more
     */
    public static void move(
            Session session, RunRecord run, RunState to, @Nullable String reason, @Nullable Integer exitCode) {
        move(session, run, to, reason, exitCode, () -> {});
    }

    /** As above, with something that becomes true in the same moment. */
    public static void move(Session session, RunRecord run, RunState to, Runnable alongside) {
        move(session, run, to, null, null, alongside);
    }

    private static void move(
            Session session,
            RunRecord run,
            RunState to,
            @Nullable String reason,
            @Nullable Integer exitCode,
            Runnable alongside) {
        if (!run.state().mayBecome(to)) {
            throw new IllegalStateException("a run that is " + run.state() + " does not become " + to);
        }
        Transactions.durably(session, () -> {
            var parameters = new HashMap<String, @Nullable String>();
            parameters.put("run", Long.toString(run.id()));
            parameters.put("epoch", Integer.toString(run.epoch()));
            parameters.put("from", run.state().name());
            parameters.put("to", to.name());
            parameters.put("phase", (run.undoing() ? Phase.UNDO : Phase.RUN).word());
            parameters.put("reason", reason);
            parameters.put("exit", exitCode == null ? null : exitCode.toString());
            long moved = session.update("""
                    UPDATE backhoe.run
                    SET state = :to, phase = :phase, reason = :reason, exit_code = CAST(:exit AS integer),
                        started_at = CASE WHEN CAST(:to AS text) = 'RUNNING' THEN coalesce(started_at, clock_timestamp())
                                          ELSE started_at END,
                        ended_at = CASE WHEN CAST(:to AS text) IN ('RUNNING', 'VERIFYING', 'ROLLING_BACK') THEN NULL
                                        ELSE clock_timestamp() END
                    WHERE run_id = CAST(:run AS bigint) AND epoch = CAST(:epoch AS integer) AND state = :from
                    """, parameters);
            if (moved != 1) {
                var now = find(session, run.id());
                boolean byUsBefore = now.isPresent()
                        && now.get().epoch() == run.epoch()
                        && now.get().state() == to;
                if (!byUsBefore) {
                    throw new Superseded(run.id(), run.epoch());
                }
                return moved;
            }
            if (ENDED.contains(run.state().name())) {
                // Others took it for ended until now, also since somebody last looked.
                Overlap.refuse(session, run.id());
            }
            alongside.run();
            String message = run.state() + " -> " + to + (reason == null ? "" : ": " + reason);
            EventTable.write(
                    session,
                    run.id(),
                    NewEvent.of("state", message).changing(run.state().name(), to.name()));
            return moved;
        });
    }

    /** Says that this executor lives. Not flushed: it is only worth something while the server runs. */
    public static void heartbeat(Session session, long runId, int epoch) {
        session.update("""
                UPDATE backhoe.run SET heartbeat_at = clock_timestamp()
                WHERE run_id = CAST(:run AS bigint) AND epoch = CAST(:epoch AS integer)
                """, Map.of("run", Long.toString(runId), "epoch", Integer.toString(epoch)));
    }

    /** Keeps what was tuned, for this executor and the next. What is null stays as it was. Writes the event of it. */
    public static void tune(Session session, long runId, int epoch, Tuning tuning, String requestedBy) {
        Transactions.durably(session, () -> {
            fence(session, runId, epoch);
            var before = tuning(session, runId);
            var after = before.then(tuning);
            var parameters = new HashMap<String, @Nullable String>(after.parameters());
            parameters.put("run", Long.toString(runId));
            session.update("""
                    UPDATE backhoe.run
                    SET workers = CAST(:workers AS integer), batch_ms = CAST(:batch AS integer), policy = :policy,
                        limits = :limits
                    WHERE run_id = CAST(:run AS bigint)
                    """, parameters);
            var event = NewEvent.of("tuned", tuning + ", by " + requestedBy);
            EventTable.write(session, runId, event.changing(before.toString(), after.toString()));
            return tuning;
        });
    }

    /** What has been tuned so far; what nobody has tuned is null. */
    public static Tuning tuning(Session session, long runId) {
        return Tuning.of(values(session, runId, "workers, batch_ms, policy, limits"), 0);
    }

    /** What a run has in columns of its own, or what is made of them. */
    static Row values(Session session, long runId, String columns) {
        return session.query(
                        "SELECT " + columns + " FROM backhoe.run WHERE run_id = CAST(:run AS bigint)",
                        Map.of("run", Long.toString(runId)))
                .get(0);
    }

    /** Whether its checks look at everything, not at a sample. */
    public static boolean fullChecks(Session session, long runId) {
        return values(session, runId, "full_checks").yes(0);
    }

    /** What the rollback of the run does with rows that somebody has changed since. */
    public static OnConflict onConflict(Session session, long runId) {
        String word = values(session, runId, "upper(on_conflict)").text(0);
        return word == null ? OnConflict.SKIP : OnConflict.valueOf(word);
    }

    /** The fingerprint that somebody has accepted in place of the plan's; empty when nobody has. */
    static List<String> accepted(Session session, long runId) {
        return session.query("""
                        SELECT line FROM backhoe.run r, json_array_elements_text(CAST(r.accepted AS json)) AS line
                        WHERE r.run_id = CAST(:run AS bigint)
                        """, Map.of("run", Long.toString(runId))).stream()
                .map(row -> row.required(0))
                .toList();
    }

    /**
     * Takes the table as it is for the one that was planned for. The caller holds the run's lock.
     *
     * @param lines the differences, for the event of it
     */
    public static void accept(
            Session session, RunRecord run, List<String> fingerprint, List<String> lines, Cause cause) {
        Transactions.durably(session, () -> {
            fence(session, run.id(), run.epoch());
            session.update("""
                    UPDATE backhoe.run
                    SET accepted = (SELECT CAST(json_agg(line ORDER BY place) AS text)
                                    FROM json_array_elements_text(CAST(:lines AS json)) WITH ORDINALITY AS l (line, place))
                    WHERE run_id = CAST(:run AS bigint)
                    """, Map.of("run", Long.toString(run.id()), "lines", KeyText.array(fingerprint)));
            var event = NewEvent.command("resume --accept-drift", cause);
            EventTable.write(session, run.id(), event.changing(run.state().name(), String.join("; ", lines)));
            return run;
        });
    }

    /** How often the run has come to an end: it may be retried and rolled back after one. */
    public static int ends(Session session, long runId) {
        return EventTable.arrivals(session, runId, ENDED);
    }

    /** When an executor of the run last said that it lives; null when there was none. */
    public static @Nullable Instant lastSign(Session session, long runId) {
        return Instants.read(
                session.query("""
                        SELECT to_char(heartbeat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                        FROM backhoe.run WHERE run_id = CAST(:run AS bigint)
                        """, Map.of("run", Long.toString(runId))).get(0).text(0));
    }

    private static RunRecord read(Row row) {
        String exit = row.text(6);
        var created = Instants.read(row.required(11));
        if (created == null) {
            throw new IllegalStateException("a run without a time of creation");
        }
        return new RunRecord(
                row.number(0),
                row.required(1),
                row.required(2),
                row.required(3),
                RunState.valueOf(row.required(4)),
                row.text(5),
                exit == null ? null : Integer.valueOf(exit),
                row.required(7).equals("undo"),
                (int) row.number(8),
                row.text(9),
                row.yes(10),
                created,
                Instants.read(row.text(12)),
                Instants.read(row.text(13)),
                Instants.read(row.text(14)),
                row.yes(15),
                row.text(16));
    }
}
