package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import io.backhoe.value.ChunkState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A run's chunks and rows, counted: by the server, where nobody wants to see each of a hundred thousand chunks.
 *
 * @param chunks how many are in each state; a state that none is in is left out
 * @param examined rows that batches have looked at, and {@code changed}: rows that they wrote
 * @param restored and {@code kept}: rows that undo restored, and rows it left because somebody changed them since
 * @param overwritten of the restored rows those that somebody had changed since
 * @param quarantined rows that are set aside now
 */
public record RunTotals(
        Map<ChunkState, Long> chunks,
        long estimatedRows,
        long examined,
        long changed,
        long restored,
        long kept,
        long overwritten,
        long quarantined) {
    public RunTotals {
        chunks = Collections.unmodifiableMap(new EnumMap<>(chunks));
    }

    /** Asks the server to count. */
    public static RunTotals read(Session session, long runId) {
        return counted(session, runId).totals();
    }

    /** @param toLookAt the numbers of at most a thousand chunks that are running or have not gone smoothly */
    record Counted(RunTotals totals, String toLookAt) {}

    /** In one scan of the chunks. */
    static Counted counted(Session session, long runId) {
        var rows = session.query("""
                SELECT s.examined, s.changed, s.restored, s.kept, s.overwritten, q.rows, c.state, c.chunks, c.estimated,
                       c.to_look_at
                FROM (SELECT coalesce(sum(examined) FILTER (WHERE phase = 'run'), 0) AS examined,
                             coalesce(sum(changed) FILTER (WHERE phase = 'run'), 0) AS changed,
                             coalesce(sum(changed) FILTER (WHERE phase = 'undo'), 0) AS restored,
                             coalesce(sum(examined - changed) FILTER (WHERE phase = 'undo'), 0) AS kept,
                             coalesce(sum(overwritten), 0) AS overwritten
                      FROM backhoe.segment WHERE run_id = CAST(:run AS bigint)) AS s
                CROSS JOIN (SELECT count(*) AS rows FROM backhoe.quarantine
                            WHERE run_id = CAST(:run AS bigint) AND released_at IS NULL) AS q
                CROSS JOIN (SELECT state, count(*) AS chunks, CAST(sum(estimated_rows) AS bigint) AS estimated,
                                   (array_agg(chunk) FILTER (WHERE state IN ('running', 'failed')
                                                             OR error IS NOT NULL))[1:1000] AS to_look_at
                            FROM backhoe.chunk WHERE run_id = CAST(:run AS bigint)
                            GROUP BY state) AS c
                """, Map.of("run", Long.toString(runId)));
        var chunks = new EnumMap<ChunkState, Long>(ChunkState.class);
        rows.forEach(row -> chunks.put(ChunkState.of(row.required(6)), row.number(7)));
        long estimated = rows.stream().mapToLong(row -> row.number(8)).sum();
        String toLookAt = rows.stream()
                .map(row -> row.text(9))
                .filter(numbers -> numbers != null)
                .map(numbers -> numbers.substring(1, numbers.length() - 1))
                .collect(Collectors.joining(",", "{", "}"));
        if (rows.isEmpty()) {
            return new Counted(of(List.of()), toLookAt);
        }
        Row row = rows.get(0);
        var totals = new RunTotals(
                chunks,
                estimated,
                row.number(0),
                row.number(1),
                row.number(2),
                row.number(3),
                row.number(4),
                row.number(5));
        return new Counted(totals, toLookAt);
    }

    /** The totals of chunks that are all at hand. */
    public static RunTotals of(List<ChunkRecord> all) {
        var chunks = new EnumMap<ChunkState, Long>(ChunkState.class);
        all.forEach(c -> chunks.merge(c.state(), 1L, Long::sum));
        return new RunTotals(
                chunks,
                all.stream().mapToLong(ChunkRecord::estimatedRows).sum(),
                all.stream().mapToLong(ChunkRecord::examined).sum(),
                all.stream().mapToLong(ChunkRecord::changed).sum(),
                all.stream().mapToLong(ChunkRecord::restored).sum(),
                all.stream().mapToLong(ChunkRecord::kept).sum(),
                all.stream().mapToLong(ChunkRecord::overwritten).sum(),
                all.stream().mapToLong(ChunkRecord::quarantined).sum());
    }

    public long count(ChunkState state) {
        return chunks.getOrDefault(state, 0L);
    }

    public long all() {
        return chunks.values().stream().mapToLong(Long::longValue).sum();
    }
}
