package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.time.Instant;
import java.util.Map;

/**
 * What time it is where the ledger is. All times in it are of that clock, so how long ago they were is told by that clock
 * too: the one of this machine may go otherwise.
 */
public final class DatabaseTime {
    private DatabaseTime() {}

    public static Instant now(Session session) {
        return Instants.required(session.query(
                        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
                        Map.of())
                .get(0)
                .required(0));
    }
}
