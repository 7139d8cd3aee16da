package io.backhoe.backfill;

import java.sql.Connection;
import java.sql.SQLException;

/** The shop of {@link Scene} where there is no {@link TestDatabase}. */
final class Shops {
    private Shops() {}

    static void make(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(Scene.SHOP);
        }
    }

    static String one(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Until a condition holds; the server's own clock bounds it. */
    static void await(Connection connection, String condition) throws SQLException {
        for (int i = 0; i < 600; i++) {
            if (one(connection, condition).equals("t")) {
                return;
            }
            one(connection, "SELECT pg_sleep(0.05)");
        }
        throw new AssertionError("not within half a minute: " + condition);
    }
}
