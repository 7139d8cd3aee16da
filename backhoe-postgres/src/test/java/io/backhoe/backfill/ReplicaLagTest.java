package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.plan.Plan;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.run.throttle.Reading;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A primary, and a standby that stops to replay in the middle of a run. */
@Timeout(180)
class ReplicaLagTest {
    private static final String SPEC = """
            backfill:
              name: lag
              policy: balanced
              scope:
                table: orders
                date_column: order_date
                date_range: { start: 2023-01-01, end: 2024-01-01 }
              transform:
                set: { n: "slowly(n) + 1" }
              strategy: { chunk_by: month, parallelism: 1, preserve_existing: false }
              throttle: { replica_lag: 2s }
            """;

    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final Queue<Double> lags = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @EnumSource(Version.class)
    void aStandbyThatStopsToReplayHoldsTheRunUntilItHasCaughtUp(Version version, @TempDir Path folder)
            throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var options = ServerOptions.of(version).in(folder.resolve("primary"));
        try (var alone = PostgresServer.start(options);
                var connection = DriverManager.getConnection(alone.jdbcUrl("postgres"))) {
            make(connection);
        }
        AssessStandbyTest.copy(folder.resolve("primary"), folder.resolve("standby"));
        try (var primary = PostgresServer.start(options)) {
            AssessStandbyTest.follow(folder.resolve("standby"), primary.port());
            try (var standby = PostgresServer.start(ServerOptions.of(version).in(folder.resolve("standby")));
                    var there = DriverManager.getConnection(standby.jdbcUrl("postgres"));
                    var here = DriverManager.getConnection(primary.jdbcUrl("postgres"))) {
                Shops.await(here, "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
                holdsAndGoesOn(primary, here, there);
            }
        }
    }

    private void holdsAndGoesOn(PostgresServer primary, Connection here, Connection there) throws Exception {
        var backhoe = new Backhoe(PostgresDatabase.at(primary.url("postgres"), null, null, Map.of()));
        var plan = backhoe.plan(
                SpecFile.read(SPEC, "test.yaml", SpecOverrides.NONE).spec());
        var run = start(backhoe, plan);
        Shops.await(here, "SELECT to_regclass('backhoe.pace') IS NOT NULL");
        Shops.await(here, "SELECT count(*) = 1 FROM backhoe.pace WHERE rows_per_second > 0");

        there.createStatement().execute("SELECT pg_wal_replay_pause()");
        Shops.await(
                here,
                "SELECT count(*) = 1 FROM backhoe.pace WHERE limit_signal = 'replica_lag' AND limit_value LIKE"
                        + " '%(replica_1)'");
        PaceRecord held = Objects.requireNonNull(backhoe.status(1, 0).now());
        assertThat(held.limit().toString()).matches("replica_lag: [2-9][.\\d]* s \\(replica_1\\) of 2 s");

        there.createStatement().execute("SELECT pg_wal_replay_resume()");
        Shops.await(here, "SELECT count(*) = 1 FROM backhoe.pace WHERE limit_value LIKE 'effort%'");
        here.createStatement().execute("UPDATE slow SET seconds = 0");

        assertThat(run.get().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(Shops.one(here, "SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isEqualTo("0");
        assertThat(backhoe.status(1, 0).pace().lost())
                .filteredOn(l -> l.reason().equals("replica_lag"))
                .singleElement()
                .satisfies(l -> assertThat(l.time()).isPositive());
        assertThat(events)
                .anyMatch(e -> e.matches("throttle replica_lag: .* of 2 s: no batch begins until it is well again"))
                .anyMatch(e -> e.matches("throttle replica_lag: .* of 2 s: work goes on at \\d+ %, after \\d+ s"));
        assertThat(run.get().changed()).isEqualTo(20_000);
        assertThat(lags).anyMatch(lag -> lag < 1).anyMatch(lag -> lag > 2);
    }

    private CompletableFuture<RunReport> start(Backhoe backhoe, Plan plan) {
        return CompletableFuture.supplyAsync(() -> backhoe.run(plan, OPTIONS, new StopSignal(), new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                events.add(kind + " " + message);
            }

            @Override
            public void reading(Reading reading) {
                Double value = reading.value();
                if (reading.name() == SignalName.REPLICA_LAG && value != null) {
                    lags.add(value);
                }
            }
        }));
    }

    private static void make(Connection connection) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id bigint PRIMARY KEY, order_date timestamptz NOT NULL,"
                    + " n integer NOT NULL)");
            statement.execute(
                    "INSERT INTO orders SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '1 minute',"
                            + " i % 100 FROM generate_series(1, 20000) i");
            statement.execute("CREATE INDEX ON orders (order_date, id)");
            statement.execute("CREATE TABLE slow (seconds double precision)");
            statement.execute("INSERT INTO slow VALUES (0.001)");
            statement.execute("CREATE FUNCTION slowly(n integer) RETURNS integer LANGUAGE sql STABLE AS"
                    + " $$ SELECT n FROM slow WHERE pg_sleep(seconds) IS NOT NULL $$");
            statement.execute("ANALYZE");
        }
    }
}
