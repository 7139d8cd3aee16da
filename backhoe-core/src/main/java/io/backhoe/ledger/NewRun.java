package io.backhoe.ledger;

import io.backhoe.database.ArrayText;
import io.backhoe.database.BatchSql;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.Cause;
import io.backhoe.value.ChunkRange;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Enters a run into the ledger: plan, run, chunks and the table of before-images, all or nothing. */
public final class NewRun {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CHUNKS_A_STATEMENT = 10_000;
    private static final int MANY_CHUNKS = 1_000;

    private NewRun() {}

    /**
     * @param fullChecks whether its checks look at everything
     * @return the run's number
     * @throws BackhoeException CONFLICT when a run that has not ended sets one of these columns in an overlapping range, or
     *     when the chunks that it was to take over are not left any more
     */
    public static long enter(Session session, Plan plan, String table, Cause cause, boolean fullChecks) {
        var values = run(plan, table, cause.who());
        values.put("full", Boolean.toString(fullChecks));
        Long original = plan.restOf();
        long entered = Transactions.durably(session, () -> {
            if (original != null) {
                TakenOver.lock(session, original);
            }
            session.update(
                    """
                    INSERT INTO backhoe.plan (hash, name, document) VALUES (:hash, :name, :document)
                    ON CONFLICT (hash) DO NOTHING
                    """,
                    Map.of(
                            "hash", plan.hash(),
                            "name", plan.spec().about().name(),
                            "document", PlanFile.write(plan)));
            long runId = session.query("""
                            INSERT INTO backhoe.run
                                (name, plan_hash, table_name, columns, scope_start, scope_end, timezone, state,
                                 requested_by, table_oid, scope_column, full_checks)
                            VALUES (:name, :hash, :table, :columns, CAST(:start AS timestamp), CAST(:end AS timestamp), :zone,
                                    'PLANNED', :by, CAST(to_regclass(:table) AS oid), :column,
                                    CAST(:full AS boolean))
                            RETURNING run_id
                            """, values).get(0).number(0);
            Overlap.refuse(session, runId);
            Cycle.refuse(session, plan);
            if (original != null) {
                TakenOver.mark(session, plan, original, runId, cause);
            }
            enterChunks(session, plan, runId);
            String images = plan.sql().images();
            if (images != null && plan.spec().rollback().keepsInDatabase()) {
                session.execute(images.replace(BatchSql.RUN, Long.toString(runId)));
            }
            String reason = plan.spec().about().reason();
            if (reason != null) {
                EventTable.write(session, runId, NewEvent.of(Purpose.REASON, reason));
            }
            RecordTable.keep(session, plan, runId);
            enterBackup(session, plan, runId);
            EventTable.write(
                    session,
                    runId,
                    NewEvent.of("state", "PLANNED by " + cause.who()).by(cause).changing(null, "PLANNED"));
            return runId;
        });
        if (plan.chunks().size() >= MANY_CHUNKS) {
            // A server that still thinks of the few chunks of runs before reads all of them to find one. Who does not
            // own the
            // table is told that it is passed over, which is no error.
            session.execute("ANALYZE backhoe.chunk");
        }
        return entered;
    }

    /** A place of its own, whatever has run in this database, or in another of that name, before. */
    private static void enterBackup(Session session, Plan plan, long runId) {
        Spec.Backup backup = plan.spec().rollback().backup();
        if (backup == null || plan.spec().rollback().export() == null) {
            return;
        }
        String name = plan.spec()
                .about()
                .name()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_]+", "-")
                .replaceAll("^-+|-+$", "");
        String folder = (name.isEmpty() ? "run" : name.substring(0, Math.min(60, name.length()))) + "-" + runId + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        session.update(
                "UPDATE backhoe.run SET backup = :backup WHERE run_id = CAST(:run AS bigint)",
                Map.of(
                        "run", Long.toString(runId),
                        "backup",
                                BackupLocation.parse(backup.location())
                                        .child(folder)
                                        .toString()));
    }

    /** As an array for each column: the server reads those several times faster than rows of JSON. */
    private static void enterChunks(Session session, Plan plan, long runId) {
        var chunks = plan.chunks();
        for (int from = 0; from < chunks.size(); from += CHUNKS_A_STATEMENT) {
            var some = chunks.subList(from, Math.min(chunks.size(), from + CHUNKS_A_STATEMENT));
            var values = new HashMap<String, String>(Map.of(
                    "run", Long.toString(runId),
                    "before", Integer.toString(from),
                    "ids", ArrayText.of(some, PlannedChunk::id),
                    "shown_starts", ArrayText.of(some, c -> text(c.start())),
                    "shown_ends", ArrayText.of(some, c -> text(c.end())),
                    "rows", ArrayText.of(some, c -> Long.toString(c.estimatedRows())),
                    "partitions", ArrayText.of(some, c -> text(c.extent().partition())),
                    "afters",
                            ArrayText.of(
                                    some, c -> KeyText.write(c.extent().keys().after())),
                    "uptos",
                            ArrayText.of(
                                    some, c -> KeyText.write(c.extent().keys().upTo()))));
            values.put("starts", ArrayText.of(some, c -> date(c, ChunkRange::start)));
            values.put("ends", ArrayText.of(some, c -> date(c, ChunkRange::end)));
            session.update("""
                    INSERT INTO backhoe.chunk
                        (run_id, chunk, chunk_id, shown_start, shown_end, range_start, range_end, after_key, upto_key,
                         partition, estimated_rows)
                    SELECT CAST(:run AS bigint), CAST(:before AS integer) + c.place, c.id, c.shown_start, c.shown_end,
                           c.range_start, c.range_end, c.after_key, c.upto_key, c.partition, c.rows
                    FROM unnest(CAST(:ids AS text[]), CAST(:shown_starts AS timestamp[]),
                                CAST(:shown_ends AS timestamp[]), CAST(:starts AS text[]), CAST(:ends AS text[]),
                                CAST(:afters AS text[]), CAST(:uptos AS text[]), CAST(:partitions AS text[]),
                                CAST(:rows AS bigint[]))
                        WITH ORDINALITY AS c (id, shown_start, shown_end, range_start, range_end, after_key, upto_key,
                                              partition, rows, place)
                    """, values);
        }
    }

    private static @Nullable String date(PlannedChunk chunk, Function<ChunkRange, String> end) {
        ChunkRange dates = chunk.extent().dates();
        return dates == null ? null : end.apply(dates);
    }

    static Map<String, @Nullable String> run(Plan plan, String table, String requestedBy) {
        var scope = plan.spec().scope();
        var values = new HashMap<String, @Nullable String>();
        values.put("name", plan.spec().about().name());
        values.put("hash", plan.hash());
        values.put("table", table);
        values.put("columns", columns(plan));
        values.put("start", text(scope.start()));
        values.put("end", text(scope.end()));
        values.put("zone", scope.timezone().getId());
        values.put("by", requestedBy);
        values.put("column", scope.dateColumn());
        return values;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static String columns(Plan plan) {
        var transform = plan.spec().transform();
        var columns = new TreeSet<String>();
        if (transform != null) {
            columns.addAll(transform.set().keySet());
            // Rows are written whole, and a table may have columns of its key alone.
            columns.addAll(
                    transform.source() == null ? List.of() : transform.source().columns());
        }
        return JSON.writeValueAsString(columns);
    }

    /** The plan of a run, as it was reviewed; its fingerprint may be one that somebody has accepted since. */
    public static Plan planOf(Session session, RunRecord run) {
        var plan = plan(session, run.planHash(), "plan of run " + run.id() + " in the ledger")
                .orElseThrow();
        var accepted = RunTable.accepted(session, run.id());
        return accepted.isEmpty() ? plan : plan.accepting(accepted);
    }

    /** The plan that has this hash, when it has run once. */
    public static Optional<Plan> plan(Session session, String hash) {
        return plan(session, hash, "plan " + hash + " in the ledger");
    }

    private static Optional<Plan> plan(Session session, String hash, String name) {
        return session.query("SELECT document FROM backhoe.plan WHERE hash = :hash", Map.of("hash", hash)).stream()
                .findFirst()
                .map(row -> PlanFile.read(row.required(0), name));
    }
}
