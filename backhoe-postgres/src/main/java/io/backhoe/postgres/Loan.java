package io.backhoe.postgres;

import io.backhoe.database.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** What a session owes to whoever its connection belongs to. By default nothing: it is the session's own. */
interface Loan {
    Loan NONE = new Loan() {};

    /** @param settings those that the session is going to change */
    default void taken(Session session, Connection connection, Set<String> settings) throws SQLException {}

    /** Before the connection is closed: makes it what it was. */
    default void giveBack(Session session, Connection connection) throws SQLException {}

    /** The connection has been cut, perhaps from another thread. */
    default void lost(Connection connection) throws SQLException {}
}
