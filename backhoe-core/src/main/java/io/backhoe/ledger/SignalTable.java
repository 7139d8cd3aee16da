package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the signals of runs said last. Not flushed: it is only worth something while the server runs. */
public final class SignalTable {
    private static final String ROW =
            "(CAST(:run AS bigint), :signal#, #, clock_timestamp() - CAST(:age# AS bigint) * interval '1 ms', :value#,"
                    + " :limit#, :cure#)";

    /** The place of one that the run's executor says nothing of any more: not every role may delete rows of the ledger. */
    private static final int NOT_ANY_MORE = -1;

    private SignalTable() {}

    /** In place of what was said before. */
    public static void write(Session session, long runId, List<SignalRecord> signals) {
        if (signals.isEmpty()) {
            return;
        }
        var parameters = new HashMap<String, @Nullable String>();
        parameters.put("run", Long.toString(runId));
        for (int i = 0; i < signals.size(); i++) {
            var signal = signals.get(i);
            parameters.put("signal" + i, signal.signal());
            parameters.put("age" + i, Long.toString(signal.age().toMillis()));
            parameters.put("value" + i, signal.value());
            parameters.put("limit" + i, signal.limit());
            parameters.put("cure" + i, signal.cure());
        }
        parameters.put("names", signals.stream().map(SignalRecord::signal).collect(Collectors.joining(",")));
        String rows = IntStream.range(0, signals.size())
                .mapToObj(i -> ROW.replace("#", Integer.toString(i)))
                .collect(Collectors.joining(", "));
        session.update("""
                WITH gone AS (
                    UPDATE backhoe.signal SET place = %d
                    WHERE run_id = CAST(:run AS bigint) AND place >= 0 AND signal <> ALL (string_to_array(:names, ','))
                )
                INSERT INTO backhoe.signal (run_id, signal, place, at, value, "limit", cure)
                VALUES %s
                ON CONFLICT (run_id, signal) DO UPDATE
                SET (place, at, value, "limit", cure)
                  = (excluded.place, excluded.at, excluded.value, excluded."limit", excluded.cure)
                """.formatted(NOT_ANY_MORE, rows), parameters);
    }

    /** In the order in which they were said. */
    public static List<SignalRecord> read(Session session, long runId) {
        return session.query("""
                        SELECT signal, value, "limit",
                               CAST(greatest(0, 1000 * extract(epoch FROM clock_timestamp() - at)) AS bigint), cure
                        FROM backhoe.signal WHERE run_id = CAST(:run AS bigint) AND place >= 0 ORDER BY place
                        """, Map.of("run", Long.toString(runId))).stream()
                .map(row -> new SignalRecord(
                        row.required(0),
                        row.required(1),
                        row.required(2),
                        Duration.ofMillis(row.number(3)),
                        row.required(4)))
                .toList();
    }
}
