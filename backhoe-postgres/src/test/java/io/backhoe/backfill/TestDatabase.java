package io.backhoe.backfill;

import io.backhoe.Backhoe;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunOptions;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of a test's own, on a server that the tests of this process share; dropped when closed. */
final class TestDatabase implements AutoCloseable {
    static final RunOptions OPTIONS = new RunOptions(null, null, "test");

    /** Of a strategy that the signals of a busy machine do not change: no worker is taken away, no batch made smaller. */
    static final String STEADY = "throttle: { commit_latency: off, lock_waits: off, batch_time: off }";

    private static final Map<Version, PostgresServer> SERVERS = new EnumMap<>(Version.class);
    private static final Map<Version, String> LEDGERS = new EnumMap<>(Version.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final PostgresServer server;
    private final String name;
    private final Connection connection;

    private TestDatabase(PostgresServer server, String name, String template) throws SQLException {
        this.server = server;
        this.name = name;
        try (var admin = DriverManager.getConnection(server.jdbcUrl("postgres"));
                var statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
            statement.execute("ALTER DATABASE " + name + " SET TimeZone = 'Pacific/Auckland'");
        }
        this.connection = DriverManager.getConnection(server.jdbcUrl(name));
    }

    static TestDatabase on(Version version) throws SQLException {
        return new TestDatabase(server(version), next(), "template1");
    }

    /** A copy of one whose ledger is there: to make that takes its time. */
    static TestDatabase withLedger(Version version) throws SQLException {
        var server = server(version);
        String template;
        synchronized (LEDGERS) {
            template = LEDGERS.get(version);
            if (template == null) {
                template = next();
                var first = new TestDatabase(server, template, "template1");
                first.backhoe().makeLedger();
                first.connection.close();
                LEDGERS.put(version, template);
            }
        }
        return new TestDatabase(server, next(), template);
    }

    private static PostgresServer server(Version version) {
        synchronized (SERVERS) {
            return SERVERS.computeIfAbsent(version, PostgresServer::start);
        }
    }

    private static String next() {
        return "t" + NUMBER.incrementAndGet();
    }

    static TestDatabase create() throws SQLException {
        return on(Version.CURRENT);
    }

    /** On a server that the caller stops. */
    static TestDatabase on(PostgresServer server) throws SQLException {
        return new TestDatabase(server, next(), "template1");
    }

    String url() {
        return server.url(name);
    }

    /** The variables by which libpq's programs find it. */
    Map<String, String> libpq() {
        var uri = URI.create(url());
        return Map.of(
                "PGHOST",
                uri.getHost(),
                "PGPORT",
                Integer.toString(uri.getPort()),
                "PGUSER",
                uri.getUserInfo() == null ? "postgres" : uri.getUserInfo(),
                "PGDATABASE",
                name);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(name));
    }

    PostgresDatabase database() {
        return PostgresDatabase.at(url(), null, null, Map.of());
    }

    Backhoe backhoe() {
        return new Backhoe(database());
    }

    void sql(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The only value of the only row, as text. */
    String one(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    long number(String query) throws SQLException {
        return Long.parseLong(one(query));
    }

    /** Looks until the number is there, for a minute. */
    void awaitNumber(String query, long wished) throws SQLException {
        long since = System.nanoTime();
        while (true) {
            if (System.nanoTime() - since > 60_000_000_000L) {
                throw new AssertionError("not " + wished + " after a minute: " + query);
            }
            try {
                if (number(query) == wished) {
                    return;
                }
            } catch (SQLException e) {
                if (!e.getSQLState().startsWith("42") && !e.getSQLState().equals("3F000")) {
                    throw e;
                }
                // The ledger is not there yet.
            }
            Thread.onSpinWait();
            one("SELECT pg_sleep(0.02)");
        }
    }

    /** Everything in a table, in a form that changes with any byte of it. */
    String digest(String table) throws SQLException {
        return one("SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM " + table + " t");
    }

    /** {@code orders(id, order_date, n, tier)}: so many rows over 2023, every one of them ours. */
    void orders(int rows) throws SQLException {
        sql(
                "CREATE TABLE orders (id bigint PRIMARY KEY, order_date timestamptz NOT NULL, n integer NOT NULL, tier text)");
        sql("INSERT INTO orders SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '1 year' / " + (rows + 1)
                + ", i % 100, CASE WHEN i % 50 = 0 THEN 'kept' END FROM generate_series(1, " + rows + ") i");
        sql("CREATE INDEX orders_by_date ON orders (order_date, id)");
        sql("ANALYZE orders");
    }

    Plan plan(String spec) {
        var read = SpecFile.read(spec, "test.yaml", SpecOverrides.NONE);
        return backhoe().plan(read.spec(), read.warnings());
    }

    /** Fills {@code orders.tier} where it is missing. */
    static String fillTier() {
        return """
                backfill:
                  name: fill_tier
                  scope:
                    table: orders
                    date_column: order_date
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform:
                    set: { tier: "'t' || n" }
                  strategy: { chunk_by: month, parallelism: 2 }
                """;
    }

    /** Adds one to {@code orders.n}, whatever it is. */
    static String addOne() {
        return """
                backfill:
                  name: add_one
                  scope:
                    table: orders
                    date_column: order_date
                    date_range: { start: 2023-01-01, end: 2024-01-01 }
                  transform:
                    set: { n: "n + 1" }
                  strategy: { chunk_by: month, parallelism: 2, preserve_existing: false }
                """;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        try (var admin = DriverManager.getConnection(server.jdbcUrl("postgres"));
                var statement = admin.createStatement()) {
            statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }
}
