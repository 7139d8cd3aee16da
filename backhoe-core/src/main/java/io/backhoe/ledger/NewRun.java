package io.backhoe.ledger;

import io.backhoe.database.BatchSql;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.value.BackhoeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Enters a run into the ledger: plan, run, chunks and the table of before-images, all or nothing. */
public final class NewRun {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CHUNKS_A_STATEMENT = 10_000;

    private NewRun() {}

    /**
     * @return the run's number
     * @throws BackhoeException CONFLICT when a run that has not ended sets one of these columns in an overlapping range
     */
    public static long enter(Session session, Plan plan, String table, String requestedBy) {
        return Transactions.durably(session, () -> {
            session.update(
                    """
                    INSERT INTO backhoe.plan (hash, name, document) VALUES (:hash, :name, :document)
                    ON CONFLICT (hash) DO NOTHING
                    """,
                    Map.of(
                            "hash", plan.hash(),
                            "name", plan.spec().about().name(),
                            "document", PlanFile.write(plan)));
            long runId =
                    session.query("""
                            INSERT INTO backhoe.run
                                (name, plan_hash, table_name, columns, scope_start, scope_end, timezone, state, requested_by)
                            VALUES (:name, :hash, :table, :columns, CAST(:start AS timestamp), CAST(:end AS timestamp), :zone,
                                    'PLANNED', :by)
                            RETURNING run_id
                            """, run(plan, table, requestedBy)).get(0).number(0);
            Overlap.refuse(session, runId);
            enterChunks(session, plan, runId);
            String images = plan.sql().images();
            if (images != null) {
                session.execute(images.replace(BatchSql.RUN, Long.toString(runId)));
            }
            EventTable.write(session, runId, "state", null, "PLANNED by " + requestedBy);
            return runId;
        });
    }

    private static void enterChunks(Session session, Plan plan, long runId) {
        var chunks = plan.chunks();
        for (int from = 0; from < chunks.size(); from += CHUNKS_A_STATEMENT) {
            var rows = IntStream.range(from, Math.min(chunks.size(), from + CHUNKS_A_STATEMENT))
                    .mapToObj(i -> chunk(i + 1, chunks.get(i)))
                    .toList();
            session.update("""
                    INSERT INTO backhoe.chunk
                        (run_id, chunk, chunk_id, shown_start, shown_end, range_start, range_end, after_key, upto_key,
                         partition, estimated_rows)
                    SELECT CAST(:run AS bigint), c.*
                    FROM jsonb_to_recordset(CAST(:chunks AS jsonb))
                        AS c (chunk integer, chunk_id text, shown_start timestamp, shown_end timestamp,
                              range_start text, range_end text, after_key text, upto_key text, partition text,
                              estimated_rows bigint)
                    """, Map.of("run", Long.toString(runId), "chunks", JSON.writeValueAsString(rows)));
        }
    }

    private static Map<String, @Nullable String> run(Plan plan, String table, String requestedBy) {
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
        return values;
    }

    private static Map<String, @Nullable Object> chunk(int number, PlannedChunk chunk) {
        var extent = chunk.extent();
        var values = new HashMap<String, @Nullable Object>();
        values.put("chunk", number);
        values.put("chunk_id", chunk.id());
        values.put("shown_start", text(chunk.start()));
        values.put("shown_end", text(chunk.end()));
        values.put("range_start", extent.dates() == null ? null : extent.dates().start());
        values.put("range_end", extent.dates() == null ? null : extent.dates().end());
        values.put("after_key", KeyText.write(extent.keys().after()));
        values.put("upto_key", KeyText.write(extent.keys().upTo()));
        values.put("partition", text(extent.partition()));
        values.put("estimated_rows", chunk.estimatedRows());
        return values;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static String columns(Plan plan) {
        var transform = plan.spec().transform();
        return JSON.writeValueAsString(
                transform == null ? List.of() : new TreeSet<>(transform.set().keySet()));
    }

    /** The plan of a run, as it was reviewed. */
    public static Plan planOf(Session session, RunRecord run) {
        return plan(session, run.planHash(), "plan of run " + run.id() + " in the ledger")
                .orElseThrow();
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
