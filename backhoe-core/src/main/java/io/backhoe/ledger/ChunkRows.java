package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkExtent;
import io.backhoe.value.ChunkRange;
import io.backhoe.value.ChunkState;
import io.backhoe.value.KeyRange;
import io.backhoe.value.TableName;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads chunks, with what their segments have counted. */
final class ChunkRows {
    private static final int PAGE = 10_000;
    private static final String NEEDS_LOOK = """
            c.chunk IN (SELECT unnest(CAST(:chunks AS integer[]))
                        UNION
                        SELECT q.chunk FROM backhoe.quarantine q
                        WHERE q.run_id = CAST(:run AS bigint) AND q.released_at IS NULL)""";
    private static final String RECORDS = """
            WITH picked AS MATERIALIZED (
                SELECT c.*
                FROM backhoe.chunk c
                WHERE c.run_id = CAST(:run AS bigint) AND %s
                ORDER BY c.chunk
                LIMIT CAST(:limit AS integer)
            ), counted AS (
                SELECT chunk,
                       sum(examined) FILTER (WHERE phase = 'run') AS examined,
                       sum(changed) FILTER (WHERE phase = 'run') AS changed,
                       sum(changed) FILTER (WHERE phase = 'undo') AS restored,
                       sum(examined - changed) FILTER (WHERE phase = 'undo') AS kept,
                       sum(overwritten) AS overwritten
                FROM backhoe.segment
                WHERE run_id = CAST(:run AS bigint) AND phase IN ('run', 'undo')
                  AND chunk IN (SELECT chunk FROM picked)
                GROUP BY chunk
            ), aside AS (
                SELECT chunk, count(*) AS rows
                FROM backhoe.quarantine
                WHERE run_id = CAST(:run AS bigint) AND released_at IS NULL
                GROUP BY chunk
            )
            SELECT c.chunk, c.chunk_id, CAST(c.shown_start AS text), CAST(c.shown_end AS text),
                   c.range_start, c.range_end, c.after_key, c.upto_key, c.partition, c.estimated_rows, c.state, c.reason,
                   c.error, c.attempts, c.undo_asked,
                   to_char(c.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   to_char(c.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   coalesce(s.examined, 0), coalesce(s.changed, 0), coalesce(s.restored, 0), coalesce(s.kept, 0),
                   coalesce(s.overwritten, 0), coalesce(a.rows, 0)
            FROM picked c
            LEFT JOIN counted s ON s.chunk = c.chunk
            LEFT JOIN aside a ON a.chunk = c.chunk
            ORDER BY c.chunk
            """;

    private ChunkRows() {}

    static List<ChunkRecord> all(Session session, long runId) {
        var all = new ArrayList<ChunkRecord>();
        int before;
        do {
            before = all.size();
            int last = all.isEmpty() ? 0 : all.get(before - 1).number();
            all.addAll(some(session, runId, "c.chunk > CAST(:last AS integer)", "last", Integer.toString(last), PAGE));
        } while (all.size() - before == PAGE);
        return Collections.unmodifiableList(all);
    }

    /** @param chunks an array of numbers, as the server writes it; those with rows set aside are among the answer too */
    static List<ChunkRecord> needingLook(Session session, long runId, String chunks, int limit) {
        return some(session, runId, NEEDS_LOOK, "chunks", chunks, limit);
    }

    private static List<ChunkRecord> some(
            Session session, long runId, String which, String name, String value, int limit) {
        return session
                .query(
                        RECORDS.formatted(which),
                        Map.of("run", Long.toString(runId), name, value, "limit", Integer.toString(limit)))
                .stream()
                .map(ChunkRows::read)
                .toList();
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
                row.number(21),
                row.number(22));
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
