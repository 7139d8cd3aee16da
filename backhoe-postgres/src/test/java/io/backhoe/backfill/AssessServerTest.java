package io.backhoe.backfill;

import static io.backhoe.backfill.AssessTest.codes;
import static io.backhoe.backfill.AssessTest.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessment;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;

/** What others do on the server, or have left there; on a server of its own. */
class AssessServerTest {
    private static final AssessOptions ANY_AGE =
            new AssessOptions(Duration.ofSeconds(60), false, Duration.ZERO, 1L << 30);

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatIsLeftOpenIsFoundAndNothingIsWritten(Version version) throws Exception {
        var options =
                ServerOptions.of(version).with("max_prepared_transactions", "5").with("autovacuum", "off");
        try (var server = PostgresServer.start(options);
                var connection = connect(server)) {
            Shops.make(connection);

            assertThat(codes(assess(server, "postgres", ANY_AGE)))
                    .contains("autovacuum_off")
                    .doesNotContain(
                            "slot_inactive",
                            "prepared_transaction",
                            "idle_in_transaction",
                            "long_transaction",
                            "replica");

            forgottenSlot(server, connection);
            preparedTransaction(server, connection);
            openTransactions(server);
            replicas(server, connection);
            slotNearItsLimit(server, connection);
            new VacuumScenes(server, connection).play();
            hiddenSessions(server, connection);
            nothingIsWritten(server, connection);
        }
    }

    private static void forgottenSlot(PostgresServer server, Connection connection) throws SQLException {
        execute(connection, "SELECT pg_create_physical_replication_slot('forgotten', true)");
        execute(connection, "CREATE TABLE later AS SELECT i FROM generate_series(1, 10000) i");

        var slot = finding(assess(server, "postgres", AssessOptions.DEFAULT), "slot_inactive");
        assertThat(slot.what()).contains("forgotten", "without limit");
        assertThat((Long) slot.evidence().get("kept_bytes")).isGreaterThan(500_000);

        String remedy = slot.remedy();
        execute(connection, remedy.substring(remedy.indexOf("SELECT pg_drop_replication_slot")));
        assertThat(codes(assess(server, "postgres", AssessOptions.DEFAULT))).doesNotContain("slot_inactive");
    }

    private static void preparedTransaction(PostgresServer server, Connection connection) throws SQLException {
        execute(connection, "BEGIN; UPDATE orders SET n = n WHERE id = 1; PREPARE TRANSACTION 'it''s old'");

        var prepared = finding(assess(server, "postgres", ANY_AGE), "prepared_transaction");
        assertThat(prepared.evidence()).containsEntry("gid", "it's old");
        assertThat(codes(assess(server, "postgres", AssessOptions.DEFAULT))).doesNotContain("prepared_transaction");

        execute(connection, "ROLLBACK PREPARED 'it''s old'");
        assertThat(codes(assess(server, "postgres", ANY_AGE))).doesNotContain("prepared_transaction");
    }

    private static void openTransactions(PostgresServer server) throws Exception {
        try (var idle = connect(server);
                var waiting = connect(server)) {
            execute(idle, "BEGIN; SELECT pg_advisory_xact_lock(1)");
            var waits = new Thread(() -> {
                try {
                    execute(waiting, "SELECT pg_advisory_lock(1)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            waits.start();
            try (var look = connect(server)) {
                Shops.await(look, "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'advisory'");
            }

            assertThat(codes(assess(server, "postgres", ANY_AGE))).contains("idle_in_transaction", "long_transaction");
            assertThat(codes(assess(server, "postgres", AssessOptions.DEFAULT)))
                    .doesNotContain("idle_in_transaction", "long_transaction");

            execute(idle, "ROLLBACK");
            waits.join();
        }
    }

    /** A program that follows the log as a replica does, and says what the test has it say. */
    private static void replicas(PostgresServer server, Connection connection) throws Exception {
        var from = LogSequenceNumber.valueOf(Shops.one(connection, "SELECT pg_current_wal_lsn()"));
        try (var follower = follower(server);
                var stream = follower.unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .physical()
                        .withStartPosition(from)
                        .start()) {
            Shops.await(connection, "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
            assertThat(assess(server, "postgres", AssessOptions.DEFAULT).unanswered())
                    .singleElement()
                    .satisfies(f -> assertThat(f.what())
                            .isEqualTo("Could not tell whether replicas keep up: replica follower is connected and does"
                                    + " not say how much it has replayed."))
                    .satisfies(f -> assertThat(f.remedy()).contains("assess again when it replays"));

            stream.setAppliedLSN(from);
            stream.forceUpdateStatus();
            Shops.await(connection, "SELECT count(*) = 1 FROM pg_stat_replication WHERE replay_lsn IS NOT NULL");
            var keepsUp = assess(server, "postgres", AssessOptions.DEFAULT);
            assertThat(codes(keepsUp)).contains("replica").doesNotContain("replica_lags", "could_not_tell");

            Shops.one(connection, "SELECT pg_logical_emit_message(false, 'test', repeat('x', 90 << 20))");
            var lags = finding(assess(server, "postgres", AssessOptions.DEFAULT), "replica_lags");
            assertThat(lags.what())
                    .containsPattern("follower is \\d+ MB of log behind already; the backfill adds to that");
        }
    }

    private static void slotNearItsLimit(PostgresServer server, Connection connection) throws Exception {
        execute(connection, "SELECT pg_create_physical_replication_slot('slow', true)");
        execute(connection, "ALTER SYSTEM SET max_slot_wal_keep_size = '200MB'");
        execute(connection, "SELECT pg_reload_conf()");
        Shops.await(connection, "SELECT current_setting('max_slot_wal_keep_size') = '200MB'");
        var from = LogSequenceNumber.valueOf(
                Shops.one(connection, "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'slow'"));
        try (var follower = follower(server);
                var stream = follower.unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .physical()
                        .withSlotName("slow")
                        .withStartPosition(from)
                        .start()) {
            Shops.await(connection, "SELECT active FROM pg_replication_slots WHERE slot_name = 'slow'");
            assertThat(codes(assess(server, "postgres", AssessOptions.DEFAULT)))
                    .doesNotContain("slot_near_limit", "slot_inactive");

            Shops.one(connection, "SELECT pg_logical_emit_message(false, 'test', repeat('x', 130 << 20))");
            var near = finding(assess(server, "postgres", AssessOptions.DEFAULT), "slot_near_limit");
            assertThat(near.what()).contains("slow");
            assertThat(stream.isClosed()).isFalse();
        }
        Shops.await(connection, "SELECT NOT active FROM pg_replication_slots WHERE slot_name = 'slow'");
        execute(connection, "SELECT pg_drop_replication_slot('slow')");
    }

    private static Connection follower(PostgresServer server) throws SQLException {
        var properties = new Properties();
        PGProperty.REPLICATION.set(properties, "true");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        PGProperty.APPLICATION_NAME.set(properties, "follower");
        return DriverManager.getConnection(server.jdbcUrl("postgres"), properties);
    }

    private static void hiddenSessions(PostgresServer server, Connection connection) throws SQLException {
        execute(connection, "CREATE ROLE stranger LOGIN; GRANT SELECT ON orders, customers TO stranger");

        assertThat(assess(server, "stranger", AssessOptions.DEFAULT).unanswered())
                .anySatisfy(f -> assertThat(f.what()).startsWith("Could not tell who has long transactions open"))
                .allSatisfy(f -> assertThat(f.remedy()).isEqualTo("GRANT pg_monitor TO stranger;"));

        execute(connection, "GRANT pg_monitor TO stranger");
        assertThat(assess(server, "stranger", AssessOptions.DEFAULT).unanswered())
                .isEmpty();
    }

    /** As the server's log of changes says, after all that reading could leave behind has been settled. */
    private static void nothingIsWritten(PostgresServer server, Connection connection) throws SQLException {
        execute(connection, "VACUUM (FREEZE, ANALYZE)");
        assess(server, "postgres", AssessOptions.DEFAULT);
        execute(connection, "CHECKPOINT");
        String before = Shops.one(connection, "SELECT pg_current_wal_insert_lsn()");

        assess(server, "postgres", AssessOptions.DEFAULT);

        assertThat(Shops.one(connection, "SELECT pg_current_wal_insert_lsn()")).isEqualTo(before);
    }

    static Assessment assess(PostgresServer server, String user, AssessOptions options) {
        var database = PostgresDatabase.at(server.url("postgres"), user, null, Map.of());
        return new Backhoe(database)
                .assess(
                        SpecFile.read(Scene.SPEC, "test.yaml", SpecOverrides.NONE)
                                .spec(),
                        options);
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl("postgres"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
