package io.backhoe.postgres;

import io.backhoe.database.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** A connection that is kept for the next session, when it is as it was when it was made. Confined to its session. */
final class SpareLoan implements Loan {
    /** As DISCARD ALL, which would forget a role that the connection was begun with ({@code ALTER ROLE .. SET role}). */
    private static final String FORGET = "CLOSE ALL; UNLISTEN *; RESET ALL; DEALLOCATE ALL;"
            + " SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

    /** A network that has gone silent is not waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String WHO = "SELECT current_user, session_user";

    private final SpareConnection spare;
    private String who = "";
    private boolean restored;

    SpareLoan(SpareConnection spare) {
        this.spare = spare;
    }

    @Override
    public void taken(PostgresSession session, Connection connection, Set<String> settings) {
        who = who(session);
    }

    @Override
    public void restore(PostgresSession session, Connection connection) throws SQLException {
        if (!session.isOursAlone()) {
            return;
        }
        connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
        session.execute(FORGET);
        restored = who(session).equals(who);
        connection.setNetworkTimeout(Runnable::run, 0);
    }

    @Override
    public void handOn(PostgresSession session, Connection connection) throws SQLException {
        if (restored && session.isOursAlone()) {
            spare.keep(connection);
        } else {
            connection.close();
        }
    }

    private static String who(Session session) {
        return session.query(WHO, Map.of()).get(0).values().toString();
    }
}
