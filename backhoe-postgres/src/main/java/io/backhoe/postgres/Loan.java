package io.backhoe.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** What a session owes to whoever has its connection after it. */
interface Loan {
    /** @param settings those that the session is going to change */
    void taken(PostgresSession session, Connection connection, Set<String> settings) throws SQLException;

    /**
     * Makes the connection what it was.
     *
     * @throws SQLException as a {@link io.backhoe.database.DatabaseException}, when that cannot be
     */
    void restore(PostgresSession session, Connection connection) throws SQLException;

    /** After {@link #restore}. */
    void handOn(PostgresSession session, Connection connection) throws SQLException;

    /** The connection has been cut, perhaps from another thread. */
    default void lost(Connection connection) throws SQLException {}
}
