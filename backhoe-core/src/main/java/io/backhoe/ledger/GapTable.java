package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.ledger.CheckTable.Baseline;
import java.util.Map;
import java.util.stream.Collectors;

/** What was missing before a run, chunk by chunk; it stands where other runs have what they counted before. */
public final class GapTable {
    private GapTable() {}

    /** Of a chunk: how many rows there were to be, and how many of them were missing. */
    public record Gap(long expected, long missing) {}

    /** As it is kept. */
    public static Baseline baseline(int chunk, long expected, long missing) {
        return new Baseline(
                chunk, expected - missing, "{\"expected\": " + expected + ", \"missing\": " + missing + "}");
    }

    /** By the number of the chunk; empty when nobody counted. */
    public static Map<Integer, Gap> of(Session session, long runId) {
        return session.query("""
                                SELECT chunk, CAST(metrics AS jsonb) ->> 'expected', CAST(metrics AS jsonb) ->> 'missing'
                                FROM backhoe.baseline
                                WHERE run_id = CAST(:run AS bigint) AND CAST(metrics AS jsonb) ->> 'missing' IS NOT NULL
                                """, Map.of("run", Long.toString(runId))).stream()
                .collect(Collectors.toMap(row -> (int) row.number(0), row -> new Gap(row.number(1), row.number(2))));
    }
}
