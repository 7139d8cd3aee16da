package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run is for.
 *
 * @param reason as its plan gives it
 * @param records the file that names its rows, and how many records that has
 */
public record Purpose(@Nullable String reason, @Nullable String records) {
    /** Of a run whose plan says nothing of it. */
    public static final Purpose NONE = new Purpose(null, null);

    static final String REASON = "reason";
    static final String RECORDS = "records";

    /** Both are written when a run is entered, before anything else can be. */
    private static final int AMONG_THE_FIRST = 3;

    public static Purpose read(Session session, long runId) {
        var said = new HashMap<String, String>();
        session.query(
                        "SELECT kind, message FROM backhoe.event WHERE run_id = CAST(:run AS bigint) ORDER BY event_id LIMIT "
                                + AMONG_THE_FIRST,
                        Map.of("run", Long.toString(runId)))
                .forEach(row -> said.put(row.required(0), row.required(1)));
        return new Purpose(said.get(REASON), said.get(RECORDS));
    }
}
