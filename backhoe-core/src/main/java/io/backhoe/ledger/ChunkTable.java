package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkState;
import io.backhoe.value.KeyRange;
import io.backhoe.value.OnConflict;
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
    private static final String SET_RUN = """
            state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp()),
                    ended_at = NULL, error = NULL, sqlstate = NULL, reason = NULL""";
    // While a chunk is being taken back its state tells what the run made of it, until nothing of that is left.
    private static final String SET_UNDO = "error = NULL, sqlstate = NULL";
    private static final String START = """
            WITH ours AS MATERIALIZED (
                SELECT FROM backhoe.run
                WHERE run_id = CAST(:run AS bigint) AND epoch = CAST(:epoch AS integer) FOR SHARE
            ), started AS (
                UPDATE backhoe.chunk SET %s
                WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer) AND EXISTS (SELECT FROM ours)
                RETURNING chunk
            ), first AS (
                INSERT INTO backhoe.segment (run_id, phase, chunk, segment, epoch, position, upto)
                SELECT CAST(:run AS bigint), :phase, chunk, 1, CAST(:epoch AS integer), CAST(:position AS text),
                       CAST(:upto AS text)
                FROM started
                WHERE NOT EXISTS (SELECT FROM backhoe.segment s
                                  WHERE s.run_id = CAST(:run AS bigint) AND s.phase = :phase
                                    AND s.chunk = CAST(:chunk AS integer))
                RETURNING chunk, segment, seq, position, upto, done, examined
            ), open AS (
                SELECT chunk, segment, seq, position, upto, done, examined FROM first
                UNION ALL
                SELECT chunk, segment, seq, position, upto, done, examined
                FROM backhoe.segment
                WHERE run_id = CAST(:run AS bigint) AND phase = :phase AND chunk = CAST(:chunk AS integer) AND NOT done
            )
            SELECT o.*
            FROM started
            LEFT JOIN open o ON true
            ORDER BY o.segment
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

    // A chunk that was taken back but for rows that somebody had changed: its first segment walks all of it again.
    private static final String WALK_UNDO_AGAIN = """
            UPDATE backhoe.segment s
            SET position = NULL, upto = NULL, seq = s.seq + 1, epoch = CAST(:epoch AS integer), done = s.segment > 1,
                examined = 0, changed = 0, overwritten = 0
            FROM backhoe.chunk c
            WHERE s.run_id = CAST(:run AS bigint) AND s.phase = 'undo' AND c.run_id = s.run_id AND c.chunk = s.chunk
              AND c.state = 'rolled_back' AND c.chunk = ANY (CAST(:chunks AS integer[]))
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
    // An undo looks at each before-image once, so what it has looked at are those that there are.
    private static final String FINISH_UNDO = """
            UPDATE backhoe.chunk
            SET (state, undone_at, error) = (
                    SELECT CASE WHEN images >= written THEN 'rolled_back' ELSE state END,
                           CASE WHEN images >= written THEN clock_timestamp() END,
                           CASE WHEN images < written
                                THEN 'before-images of ' || written - images || ' of ' || written
                                     || ' rows are gone: these rows stay as the run wrote them' END
                    FROM (SELECT coalesce(sum(examined) FILTER (WHERE phase = 'undo'), 0) AS images,
                                 coalesce(sum(changed) FILTER (WHERE phase = 'run'), 0) AS written
                          FROM backhoe.segment
                          WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer)) AS counted)
            WHERE run_id = CAST(:run AS bigint) AND chunk = CAST(:chunk AS integer) AND state <> 'rolled_back'
              AND error IS NULL
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

    /** Every chunk of a run in order, with what was counted. Read in pages: whole answers of a server take much memory. */
    public static List<ChunkRecord> all(Session session, long runId) {
        return ChunkRows.all(session, runId);
    }

    /** @param chunks the first, in order, that somebody may have to look at: running, failed, with rows set aside */
    public record Look(RunTotals totals, List<ChunkRecord> chunks) {}

    /** Counts the chunks of a run, and picks those that somebody may have to look at. */
    public static Look look(Session session, long runId, int limit) {
        var counted = RunTotals.counted(session, runId);
        return needing(session, runId, counted, limit);
    }

    /** As above, and of no more chunks than that all of them. */
    public static Look few(Session session, long runId, int limit) {
        var counted = RunTotals.counted(session, runId);
        return counted.totals().all() <= limit
                ? new Look(counted.totals(), ChunkRows.all(session, runId))
                : needing(session, runId, counted, limit);
    }

    private static Look needing(Session session, long runId, RunTotals.Counted counted, int limit) {
        return new Look(counted.totals(), ChunkRows.needingLook(session, runId, counted.toLookAt(), limit));
    }

    /**
     * Marks the chunk as being worked on, and answers its open segments: the first one is made here. One statement, and
     * flushed only if the session flushes: a start that is lost was told to nobody, and is lost with all that came of it.
     */
    public List<SegmentRecord> start(Session session, ChunkRecord chunk) {
        KeyRange keys = phase == Phase.RUN ? chunk.extent().keys() : KeyRange.ALL;
        var parameters = segments.at(chunk.number());
        parameters.put("epoch", Integer.toString(epoch));
        parameters.put("position", KeyText.write(keys.after()));
        parameters.put("upto", KeyText.write(keys.upTo()));
        var open = session.query(START.formatted(phase == Phase.RUN ? SET_RUN : SET_UNDO), parameters);
        if (open.isEmpty()) {
            throw new Superseded(runId, epoch);
        }
        return open.stream()
                .filter(row -> row.text(0) != null)
                .map(SegmentTable::read)
                .toList();
    }

    /**
     * Ends the chunk if nothing of it is left to do: as taken back, as done, or, when there was no row in it, as skipped. One
     * that is taken back and has fewer before-images than rows that were written keeps its state, and has an error.
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
     * Counts rows written by a segment that has just been done, and ends the chunk as {@link #finish} does, in the
     * caller's transaction. That has passed the segment's fence, so nobody takes the run over before it ends. Where two
     * segments end at the same time, neither sees the other's end, and {@link #finish} has to be asked afterwards.
     *
     * @return the state that the chunk has ended in; null when it has not ended here
     */
    public @Nullable ChunkState finishWithin(Session session, SegmentRecord done, long changed) {
        var parameters = segments.at(done.chunk());
        parameters.put("segment", Integer.toString(done.number()));
        parameters.put("changed", Long.toString(changed));
        var ended = session.query(SegmentTable.COUNTED + (phase == Phase.RUN ? FINISH_RUN : FINISH_UNDO), parameters);
        return ended.isEmpty() ? null : ChunkState.of(ended.get(0).required(0));
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
    public void askUndo(Session session, List<ChunkRecord> asked, OnConflict onConflict) {
        if (!asked.isEmpty()) {
            Transactions.durably(session, () -> {
                RunTable.fence(session, runId, epoch);
                return addUndo(session, asked, onConflict);
            });
        }
    }

    /** As {@link #askUndo}, in the caller's transaction, which holds the run's row. */
    public long addUndo(Session session, List<ChunkRecord> asked, OnConflict onConflict) {
        if (asked.isEmpty()) {
            return 0;
        }
        var parameters = Map.of(
                "run", Long.toString(runId),
                "epoch", Integer.toString(epoch),
                "how", onConflict.word(),
                "chunks",
                        asked.stream()
                                .map(c -> Integer.toString(c.number()))
                                .collect(Collectors.joining(",", "{", "}")));
        session.update("UPDATE backhoe.run SET on_conflict = :how WHERE run_id = CAST(:run AS bigint)", parameters);
        session.update(WALK_UNDO_AGAIN, parameters);
        return session.update("""
                UPDATE backhoe.chunk
                SET undo_asked = true, state = CASE WHEN state = 'rolled_back' THEN 'success' ELSE state END
                WHERE run_id = CAST(:run AS bigint) AND chunk = ANY (CAST(:chunks AS integer[]))
                """, parameters);
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
            int reopened = (int) session.update(
                    "UPDATE backhoe.chunk SET state = 'pending' WHERE run_id = CAST(:run AS bigint) AND state = 'failed'",
                    Map.of("run", Long.toString(runId)));
            var released = session.query("""
                    UPDATE backhoe.quarantine q SET released_at = clock_timestamp()
                    WHERE q.run_id = CAST(:run AS bigint) AND q.released_at IS NULL
                      AND NOT EXISTS (SELECT FROM backhoe.chunk c
                                      WHERE c.run_id = q.run_id AND c.chunk = q.chunk
                                        AND starts_with(c.reason, :taken_over))
                    RETURNING chunk, after_key, row_key
                    """, Map.of("run", Long.toString(runId), "taken_over", TakenOver.REASON));
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
}
