package io.backhoe.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A connection of a pool, which goes back as it came. Not DISCARD ALL: that would also undo what the pool itself has set
 * once for all. Confined to its session.
 */
final class PoolLoan implements Loan {
    private final Map<String, String> before = new LinkedHashMap<>();
    private boolean autoCommit;
    private int networkTimeout;

    @Override
    public void taken(PostgresSession session, Connection connection, Set<String> settings) throws SQLException {
        autoCommit = connection.getAutoCommit();
        networkTimeout = connection.getNetworkTimeout();
        connection.setAutoCommit(true);
        for (String name : settings) {
            String value = session.query("SELECT current_setting(:name, true)", Map.of("name", name))
                    .get(0)
                    .text(0);
            if (value != null) {
                before.put(name, value);
            }
        }
    }

    @Override
    public void restore(PostgresSession session, Connection connection) throws SQLException {
        session.query("SELECT pg_advisory_unlock_all()", Map.of());
        session.query("""
                        SELECT quote_ident(relname) FROM pg_class
                        WHERE relnamespace = pg_my_temp_schema() AND relname ~ '^backhoe_(was|kept|result|record|csv)'
                        """, Map.of()).forEach(table -> session.execute("DROP TABLE pg_temp." + table.required(0)));
        if (!before.isEmpty()) {
            var setting = SessionSettings.set(before);
            session.query(setting.sql(), setting.values());
        }
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
        connection.setAutoCommit(autoCommit);
    }

    @Override
    public void handOn(PostgresSession session, Connection connection) throws SQLException {
        connection.close();
    }

    /** The pool has to learn of it, or it would wait for the connection for ever. */
    @Override
    public void lost(Connection connection) throws SQLException {
        connection.close();
    }
}
