package io.backhoe.bench;

import io.backhoe.embedded.DemoShop;
import io.backhoe.postgres.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The demo's orders in schema {@code bench}, of which each measurement gets a fresh copy, and what it fills there. */
final class BenchOrders {
    /** What {@code customer_tier} becomes, of {@code bench.customers c}. */
    static final String TIER = tier("c.lifetime_value", 8000, 4000, 1500);

    /** What a copy has beside its key, where nobody says otherwise. */
    static final String DATE_INDEX = "CREATE INDEX ON bench.orders (order_date, id)";

    private BenchOrders() {}

    /** The word for a value, by the least that each takes. */
    static String tier(String value, int platinum, int gold, int silver) {
        return "CASE WHEN %1$s >= %2$d THEN 'platinum' WHEN %1$s >= %3$d THEN 'gold' WHEN %1$s >= %4$d THEN 'silver' ELSE 'bronze' END"
                .formatted(value, platinum, gold, silver);
    }

    static void dropLedger(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS backhoe CASCADE");
        }
    }

    /** Where the write-ahead log is now. */
    static String logPlace(Connection connection) throws SQLException {
        return one(connection, "SELECT pg_current_wal_insert_lsn()");
    }

    /** How much log the server has written since, in mebibytes. */
    static double logMebibytes(Connection connection, String since) throws SQLException {
        String bytes = one(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + since + "')");
        return Double.parseDouble(bytes) / (1 << 20);
    }

    /** @throws IllegalStateException when a row of the copy has no tier */
    static void refuseUnfilled(Connection connection, String by) throws SQLException {
        String missing = one(connection, "SELECT count(*) FROM bench.orders WHERE customer_tier IS NULL");
        if (!missing.equals("0")) {
            throw new IllegalStateException(by + " left " + missing + " rows unfilled");
        }
    }

    /** @param url libpq's, which may name a user before the host, as JDBC's may not */
    static Connection connect(String url) throws SQLException {
        return PostgresDatabase.at(url, null, null, System.getenv())
                .dataSource()
                .getConnection();
    }

    /** The one value that a query yields. */
    static String one(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Makes the original. Drops the schemas {@code bench} and {@code backhoe}. */
    static void build(Connection connection, long orders) throws SQLException {
        try (var statement = connection.createStatement()) {
            dropLedger(connection);
            statement.execute("DROP SCHEMA IF EXISTS bench CASCADE");
            for (String sql : new DemoShop("bench", orders).createStatements()) {
                statement.execute(sql);
            }
            statement.execute("ALTER TABLE bench.orders RENAME TO original");
        }
    }

    /** Copies it to {@code bench.orders}. */
    static void refresh(Connection connection) throws SQLException {
        refresh(connection, List.of(DATE_INDEX));
    }

    /** The same, with these indexes beside its key. */
    static void refresh(Connection connection, List<String> indexes) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS bench.orders");
            statement.execute("CREATE TABLE bench.orders AS TABLE bench.original");
            statement.execute("ALTER TABLE bench.orders ADD PRIMARY KEY (id)");
            for (String index : indexes) {
                statement.execute(index);
            }
            statement.execute("VACUUM ANALYZE bench.orders");
            statement.execute("CHECKPOINT");
        }
    }

    /**
     * A spec that fills the copy month by month with two workers.
     *
     * @param more keys beside these, each on a line of its own; nothing when empty
     */
    static String spec(String name, String policy, String more) {
        return """
                backfill:
                  name: bench_%s
                  policy: %s
                  scope:
                    table: bench.orders
                    date_column: order_date
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform:
                    set: { customer_tier: "%s" }
                    from: "bench.customers c"
                    on: "c.id = orders.customer_id"
                  strategy: { chunk_by: month, parallelism: 2 }
                  %s
                """.formatted(name, policy, TIER, more);
    }
}
