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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
