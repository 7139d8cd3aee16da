package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.Cause;
import io.backhoe.value.CheckVerdict;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What checks have found, append-only, and what was counted before a run. */
public final class CheckTable {
    private static final String COLUMNS = """
            phase, name, verdict, remark, evidence, query,
            to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            """;

    private CheckTable() {}

    /**
     * What a chunk looked like before the run.
     *
     * @param chunk its number
     * @param rows in scope
     * @param metrics as JSON; null where only rows were counted
     */
    public record Baseline(int chunk, long rows, @Nullable String metrics) {}

    /** Writes results, with an event for each that does not hold; all or nothing. Commits by itself. */
    public static void write(Session session, long runId, List<CheckRecord> results) {
        Transactions.durably(session, () -> {
            results.forEach(r -> write(session, runId, r));
            return results;
        });
    }

    /**
     * As above, by the run's executor.
     *
     * @throws Superseded when another one has taken over
     */
    public static void write(Session session, RunRecord run, List<CheckRecord> results) {
        Transactions.durably(session, () -> {
            RunTable.fence(session, run.id(), run.epoch());
            results.forEach(r -> write(session, run.id(), r));
            return results;
        });
    }

    /**
     * Remembers that somebody wants to know.
     *
     * @param check the name of one; null for all
     */
    public static RunRecord asked(Session session, RunRecord run, @Nullable String check, Cause cause) {
        return Transactions.durably(session, () -> {
            String said = check == null ? "verify" : "verify --check " + check;
            EventTable.write(
                    session,
                    run.id(),
                    NewEvent.command(said, cause).changing(run.state().name(), null));
            return run;
        });
    }

    private static void write(Session session, long runId, CheckRecord result) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("at", result.at().toString());
        parameters.put("phase", result.phase().word());
        parameters.put("name", result.name());
        parameters.put("verdict", result.verdict().word());
        parameters.put(
                "remark", result.remark() == null ? null : result.remark().word());
        parameters.put("evidence", result.evidence());
        parameters.put("sql", result.sql());
        session.update("""
                INSERT INTO backhoe.check_result (run_id, at, phase, name, verdict, remark, evidence, query)
                VALUES (CAST(:run AS bigint), CAST(:at AS timestamptz), :phase, :name, :verdict, :remark, :evidence, :sql)
                """, parameters);
        if (!result.holds()) {
            EventTable.write(session, runId, NewEvent.of("check", result.line()));
        }
    }

    /** The newest result of each check in each phase, in the order in which they were asked. */
    public static List<CheckRecord> newest(Session session, long runId) {
        return session.query("SELECT " + COLUMNS + """
                                FROM (SELECT DISTINCT ON (phase, name) * FROM backhoe.check_result
                                      WHERE run_id = CAST(:run AS bigint)
                                      ORDER BY phase, name, check_id DESC) newest
                                ORDER BY check_id
                                """, Map.of("run", Long.toString(runId))).stream()
                .map(CheckTable::read)
                .toList();
    }

    private static CheckRecord read(Row row) {
        return new CheckRecord(
                CheckRecord.Phase.valueOf(row.required(0).toUpperCase(Locale.ROOT)),
                row.required(1),
                CheckVerdict.of(row.required(2)),
                Optional.ofNullable(row.text(3))
                        .map(r -> CheckRecord.Remark.valueOf(r.toUpperCase(Locale.ROOT)))
                        .orElse(null),
                row.required(4),
                row.text(5),
                Instants.required(row.required(6)));
    }

    /** Keeps what was counted before the run. Commits by itself. */
    public static void keep(Session session, long runId, List<Baseline> chunks) {
        Transactions.durably(session, () -> {
            for (Baseline each : chunks) {
                var parameters = new HashMap<String, @Nullable String>();
                parameters.put("run", Long.toString(runId));
                parameters.put("chunk", Integer.toString(each.chunk()));
                parameters.put("rows", Long.toString(each.rows()));
                parameters.put("metrics", each.metrics());
                session.update("""
                        INSERT INTO backhoe.baseline (run_id, chunk, rows, metrics)
                        VALUES (CAST(:run AS bigint), CAST(:chunk AS integer), CAST(:rows AS bigint), :metrics)
                        ON CONFLICT (run_id, chunk) DO NOTHING
                        """, parameters);
            }
            return chunks;
        });
    }

    /** What was counted before the run, by the number of the chunk; empty when nothing was. */
    public static Map<Integer, Baseline> baseline(Session session, long runId) {
        return session
                .query(
                        "SELECT chunk, rows, metrics FROM backhoe.baseline WHERE run_id = CAST(:run AS bigint)",
                        Map.of("run", Long.toString(runId)))
                .stream()
                .map(row -> new Baseline((int) row.number(0), row.number(1), row.text(2)))
                .collect(Collectors.toMap(Baseline::chunk, b -> b));
    }
}
