package io.backhoe.ledger;

import io.backhoe.database.Row;
import io.backhoe.database.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How fast runs are and what they lose time to. Not flushed: it is only worth something while the server runs. */
public final class PaceTable {
    private PaceTable() {}

    /** Says how fast the run is now, in place of what was said before. */
    public static void write(Session session, long runId, PaceRecord pace) {
        session.update("""
                INSERT INTO backhoe.pace
                    (run_id, at, workers, busy, batch_target_ms, batch_ms, batch_rows, rows_per_second, left_low_ms,
                     left_high_ms, limit_signal, limit_value, limit_limit)
                VALUES (CAST(:run AS bigint), clock_timestamp(), CAST(:workers AS integer), CAST(:busy AS integer),
                        CAST(:target AS integer), CAST(:batch AS integer), CAST(:rows AS integer),
                        CAST(:rate AS double precision), CAST(:low AS bigint), CAST(:high AS bigint), :signal, :value,
                        :limit)
                ON CONFLICT (run_id) DO UPDATE
                SET (at, workers, busy, batch_target_ms, batch_ms, batch_rows, rows_per_second, left_low_ms, left_high_ms,
                     limit_signal, limit_value, limit_limit)
                  = (excluded.at, excluded.workers, excluded.busy, excluded.batch_target_ms, excluded.batch_ms,
                     excluded.batch_rows, excluded.rows_per_second, excluded.left_low_ms, excluded.left_high_ms,
                     excluded.limit_signal, excluded.limit_value, excluded.limit_limit)
                """, parameters(runId, pace));
    }

    private static Map<String, @Nullable String> parameters(long runId, PaceRecord pace) {
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        parameters.put("workers", Integer.toString(pace.workers()));
        parameters.put("busy", Integer.toString(pace.busy()));
        parameters.put("target", Long.toString(pace.batchTarget().toMillis()));
        parameters.put("batch", millis(pace.batchTime()));
        parameters.put("rows", text(pace.batchRows()));
        parameters.put("rate", text(pace.rowsPerSecond()));
        TimeLeft left = pace.left();
        parameters.put("low", left == null ? null : millis(left.low()));
        parameters.put("high", left == null ? null : millis(left.high()));
        parameters.put("signal", pace.limit().signal());
        parameters.put("value", pace.limit().value());
        parameters.put("limit", pace.limit().limit());
        return parameters;
    }

    /** What was said last; empty when nothing was, or the ledger's reader may not see it. */
    public static Optional<PaceRecord> find(Session session, long runId) {
        return session.query("""
                        SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), workers, busy,
                               batch_target_ms, batch_ms, batch_rows, rows_per_second, left_low_ms, left_high_ms,
                               limit_signal, limit_value, limit_limit
                        FROM backhoe.pace WHERE run_id = CAST(:run AS bigint)
                        """, Map.of("run", Long.toString(runId))).stream()
                .findFirst()
                .map(PaceTable::read);
    }

    private static PaceRecord read(Row row) {
        String batch = row.text(4);
        String rows = row.text(5);
        String rate = row.text(6);
        return new PaceRecord(
                Instants.required(row.required(0)),
                (int) row.number(1),
                (int) row.number(2),
                Duration.ofMillis(row.number(3)),
                batch == null ? null : Duration.ofMillis(Long.parseLong(batch)),
                rows == null ? null : Integer.valueOf(rows),
                rate == null ? null : Double.valueOf(rate),
                row.text(7) == null
                        ? null
                        : new TimeLeft(Duration.ofMillis(row.number(7)), Duration.ofMillis(row.number(8))),
                new Limit(row.required(9), row.required(10), row.required(11)));
    }

    /** Adds to what was lost before. */
    public static void lost(Session session, long runId, List<LostTime> more) {
        for (LostTime lost : more) {
            session.update(
                    """
                    INSERT INTO backhoe.lost_time AS l (run_id, reason, times, ms)
                    VALUES (CAST(:run AS bigint), :reason, CAST(:times AS bigint), CAST(:ms AS bigint))
                    ON CONFLICT (run_id, reason) DO UPDATE SET times = l.times + excluded.times, ms = l.ms + excluded.ms
                    """,
                    Map.of(
                            "run", Long.toString(runId),
                            "reason", lost.reason(),
                            "times", Long.toString(lost.times()),
                            "ms", Long.toString(lost.time().toMillis())));
        }
    }

    /** What a run has lost so far, the most first. */
    public static List<LostTime> lost(Session session, long runId) {
        return session.query("""
                        SELECT reason, times, ms FROM backhoe.lost_time WHERE run_id = CAST(:run AS bigint)
                        ORDER BY ms DESC, reason
                        """, Map.of("run", Long.toString(runId))).stream()
                .map(row -> new LostTime(row.required(0), row.number(1), Duration.ofMillis(row.number(2))))
                .toList();
    }

    private static @Nullable String millis(@Nullable Duration duration) {
        return duration == null ? null : Long.toString(duration.toMillis());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
