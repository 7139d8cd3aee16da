package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ChunkState;
import io.backhoe.value.KeyRange;
import io.backhoe.value.TableName;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of one executor of one run. Each change of state is a transaction of its own, refused with {@link Superseded}
 * when another executor has taken over. Thread-safe: it holds no state, the session passed in is the caller's.
 */
public final class ChunkTable {
    private static final String START_RUN = """
            UPDATE backhoe.chunk
            SET state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp()),
                ended_at = NULL, error = NULL, sqlstate = NULL, reason = NULL
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer)
            """;
    // While a chunk is being taken back its state tells what the run made of it, until nothing of that is left.
    private static final String START_UNDO = """
            UPDATE backhoe.chunk SET error = NULL, sqlstate = NULL
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer)
            """;
    private static final String FAIL_RUN = """
            UPDATE backhoe.chunk
            SET state = 'failed', error = :error, sqlstate = :sqlstate, ended_at = clock_timestamp()
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer) AND state <> 'failed'
            """;
    private static final String FAIL_UNDO = """
            UPDATE backhoe.chunk SET error = :error, sqlstate = :sqlstate
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer) AND error IS NULL
            """;

    private static final String NOTHING_LEFT = """
              AND NOT EXISTS (SELECT FROM backhoe.segment
                              WHERE run_id = CAST(:run AS bigint) AND phase = :phase
                                AND chunk = CAST(:chunk AS integer) AND NOT done)
            RETURNING state
            """;
    private static final String FINISH_RUN = """
            UPDATE backhoe.chunk
            SET (state, reason) = (
                    SELECT CASE WHEN coalesce(sum(examined), 0) = 0 THEN 'skipped' ELSE 'success' END,
                           CASE WHEN coalesce(sum(examined), 0) = 0 THEN 'empty' END
                    FROM backhoe.segment
                    WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer)),
                ended_at = clock_timestamp()
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer)
              AND state NOT IN ('success', 'skipped')
            """ + NOTHING_LEFT;
    private static final String FINISH_UNDO = """
            UPDATE backhoe.chunk SET state = 'rolled_back'
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer) AND state <> 'rolled_back'
            """ + NOTHING_LEFT;

    private final long runId;
    private final int epoch;
    private final Phase phase;
    private final SegmentTable segments;

    public ChunkTable(long runId, int epoch, Phase phase) {
        this.runId = runId;
        this.epoch = epoch;
        this.phase = phase;
        this.segments = new SegmentTable(runId, epoch, phase);
    }

    /** Every chunk of a run in order, with what was counted. */
    public static List<ChunkRecord> all(Session session, long runId) {
        return session.query("""
                        SELECT c.chunk, c.chunk_id, CAST(c.shown_start AS text), CAST(c.shown_end AS text),
                               c.range_start, c.range_end, c.after_key, c.upto_key, c.partition, c.estimated_rows, c.state, c.reason, c.error, c.attempts, c.undo_asked,
                               to_char(c.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                               to_char(c.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                               coalesce(r.examined, 0), coalesce(r.changed, 0),
                               coalesce(u.changed, 0), coalesce(u.examined - u.changed, 0), coalesce(q.rows, 0)
                        FROM backhoe.chunk c
                        LEFT JOIN (SELECT chunk, sum(examined) AS examined, sum(changed) AS changed
                                   FROM backhoe.segment WHERE run_id = CAST(:run AS bigint) AND phase = 'run'
                                   GROUP BY chunk) r ON r.chunk = c.chunk
                        LEFT JOIN (SELECT chunk, sum(examined) AS examined, sum(changed) AS changed
                                   FROM backhoe.segment WHERE run_id = CAST(:run AS bigint) AND phase = 'undo'
                                   GROUP BY chunk) u ON u.chunk = c.chunk
                        LEFT JOIN (SELECT chunk, count(*) AS rows
                                   FROM backhoe.quarantine
                                   WHERE run_id = CAST(:run AS bigint) AND released_at IS NULL
                                   GROUP BY chunk) q ON q.chunk = c.chunk
                        WHERE c.run_id = CAST(:run AS bigint)
                        ORDER BY c.chunk
                        """, Map.of("run", Long.toString(runId))).stream()
                .map(ChunkTable::read)
                .toList();
    }

    /** Marks the chunk as being worked on, and answers its open segments: the first one is made here. */
    public List<SegmentRecord> start(Session session, ChunkRecord chunk) {
        return Transactions.durably(session, () -> {
            RunTable.fence(session, runId, epoch);
            session.update(phase == Phase.RUN ? START_RUN : START_UNDO, at(chunk.number()));
            var open = segments.open(session, chunk.number());
            boolean untouched = open.isEmpty() && !hasSegments(session, chunk.number());
            return untouched ? List.of(first(session, chunk)) : open;
        });
    }

    private SegmentRecord first(Session session, ChunkRecord chunk) {
        KeyRange keys = phase == Phase.RUN ? chunk.extent().keys() : KeyRange.ALL;
        return segments.insert(session, chunk.number(), keys.after(), keys.upTo());
    }

    private boolean hasSegments(Session session, int chunk) {
        return session.query("""
                        SELECT EXISTS (SELECT FROM backhoe.segment
                                       WHERE run_id = CAST(:run AS bigint) AND phase = :phase
                                         AND chunk = CAST(:chunk AS integer))
                        """, segments.at(chunk)).get(0).yes(0);
    }

    /**
     * Ends the chunk if nothing of it is left to do: as taken back, as done, or, when there was no row in it, as skipped.
     *
     * @return the state that it has ended in; null when it has not ended here
     */
    public @Nullable ChunkState finish(Session session, int chunk) {
        return Transactions.durably(session, () -> {
            RunTable.fence(session, runId, epoch);
            var ended = session.query(phase == Phase.RUN ? FINISH_RUN : FINISH_UNDO, segments.at(chunk));
            return ended.isEmpty() ? null : ChunkState.of(ended.get(0).required(0));
        });
    }

    /**
     * Ends the chunk as failed. Its segments keep their positions for {@code retry}.
     *
     * @return false when another of its segments has failed before
     */
    public boolean fail(Session session, int chunk, String sqlState, String error) {
        return Transactions.durably(session, () -> {
            RunTable.fence(session, runId, epoch);
            var parameters = new HashMap<String, @Nullable String>(at(chunk));
            parameters.put("error", error);
            parameters.put("sqlstate", sqlState);
            return session.update(phase == Phase.RUN ? FAIL_RUN : FAIL_UNDO, parameters) == 1;
        });
    }

    /** Remembers what is to be taken back, so that whoever goes on with it takes back that and no more. */
    public void askUndo(Session session, List<ChunkRecord> asked) {
        if (!asked.isEmpty()) {
            Transactions.durably(session, () -> {
                RunTable.fence(session, runId, epoch);
                return addUndo(session, asked);
            });
        }
    }

    /** As {@link #askUndo}, in the caller's transaction, which holds the run's row. */
    public long addUndo(Session session, List<ChunkRecord> asked) {
        return session.update(
                """
                UPDATE backhoe.chunk SET undo_asked = true
                WHERE run_id = CAST(:run AS bigint) AND chunk = ANY (CAST(:chunks AS integer[]))
                """,
                Map.of(
                        "run", Long.toString(runId),
                        "chunks",
                                asked.stream()
                                        .map(c -> Integer.toString(c.number()))
                                        .collect(Collectors.joining(",", "{", "}"))));
    }

    /** A chunk that this process no longer works on waits for the next one. */
    public void release(Session session) {
        Transactions.durably(session, () -> {
            RunTable.fence(session, runId, epoch);
            return session.update(
                    "UPDATE backhoe.chunk SET state = 'pending' WHERE run_id = CAST(:run AS bigint) AND state = 'running'",
                    Map.of("run", Long.toString(runId)));
        });
    }

    /** Makes failed chunks and quarantined rows work to do again. */
    public int retry(Session session) {
        return Transactions.durably(session, () -> {
            RunTable.fence(session, runId, epoch);
            var run = Map.of("run", Long.toString(runId));
            int reopened = (int) session.update(
                    "UPDATE backhoe.chunk SET state = 'pending' WHERE run_id = CAST(:run AS bigint) AND state = 'failed'",
                    run);
            var released = session.query("""
                    UPDATE backhoe.quarantine SET released_at = clock_timestamp()
                    WHERE run_id = CAST(:run AS bigint) AND released_at IS NULL
                    RETURNING chunk, after_key, row_key
                    """, run);
            for (Row row : released) {
                int chunk = (int) row.number(0);
                segments.insert(session, chunk, KeyText.read(row.text(1)), KeyText.read(row.text(2)));
                session.update("""
                        UPDATE backhoe.chunk SET state = 'pending', ended_at = NULL
                        WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer)
                        """, at(chunk));
            }
            return reopened + released.size();
        });
    }

    private Map<String, String> at(int chunk) {
        return Map.of("run", Long.toString(runId), "chunk", Integer.toString(chunk));
    }

    private static ChunkRecord read(Row row) {
        return new ChunkRecord(
                (int) row.number(0),
                row.required(1),
                moment(row.text(2)),
                moment(row.text(3)),
                extent(row),
                row.number(9),
                ChunkState.of(row.required(10)),
                row.text(11),
                row.text(12),
                (int) row.number(13),
                row.yes(14),
                Instants.read(row.text(15)),
                Instants.read(row.text(16)),
                row.number(17),
                row.number(18),
                row.number(19),
                row.number(20),
                row.number(21));
    }

    private static ChunkExtent extent(Row row) {
        String start = row.text(4);
        String end = row.text(5);
        String partition = row.text(8);
        return new ChunkExtent(
                start == null || end == null ? null : new ChunkRange(start, end),
                new KeyRange(KeyText.read(row.text(6)), KeyText.read(row.text(7))),
                partition == null ? null : TableName.parse(partition));
    }

    private static @Nullable LocalDateTime moment(@Nullable String text) {
        return text == null ? null : LocalDateTime.parse(text.replace(' ', 'T'));
    }
}
