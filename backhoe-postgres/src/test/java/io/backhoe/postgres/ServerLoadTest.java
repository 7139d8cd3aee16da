package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.LoadFacts;
import io.backhoe.database.Session;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ServerLoadTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void anOrdinaryRoleSeesWhoWaitsAndIsToldWhatLetsItSeeTheRest(Version version) throws Exception {
        var options = ServerOptions.of(version).with("archive_mode", "on").with("archive_command", "false");
        try (var server = PostgresServer.start(options);
                var admin = connect(server);
                var holder = connect(server);
                var waiter = connect(server)) {
            execute(admin, "CREATE ROLE app LOGIN; CREATE TABLE t (id integer); CREATE TABLE theirs (id integer)");
            execute(admin, "SELECT pg_switch_wal()");
            holder.setAutoCommit(false);
            execute(holder, "LOCK TABLE t");
            var waits = new Thread(() -> {
                try {
                    execute(waiter, "SELECT * FROM t");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            waits.start();
            try (var app = open(server, "app", "backhoe/1/signals");
                    var ours = open(server, "app", "backhoe/1/2023-01");
                    var postgres = open(server, "postgres", "backhoe/2/signals")) {
                LoadFacts load = awaitWait(app);
                assertThat(load.waits()).singleElement().satisfies(w -> {
                    assertThat(w.blocker()).isEqualTo(pid(holder));
                    assertThat(w.process()).isEqualTo(pid(waiter));
                    assertThat(w.millis()).isGreaterThanOrEqualTo(100);
                });
                assertThat(load.active()).isNull();
                assertThat(load.cure()).isEqualTo("GRANT pg_monitor TO app;");
                assertThat(load.written()).isPositive();
                assertThat(load.replicas()).isEmpty();
                assertThat(load.hidden()).isZero();
                var archive = new SurveyedServer(app).archive().value();
                assertThat(archive.waiting()).isNull();
                assertThat(archive.cure()).isEqualTo("GRANT pg_monitor TO app;");

                assertThatThrownBy(() -> ((PostgresSession) app).refuseWarning("VACUUM (SKIP_LOCKED) theirs"))
                        .as("skipped, with a warning like any other")
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION));

                assertThat(ours.query("SELECT 1", Map.of())).hasSize(1);
                var all = new SurveyedServer(postgres).load().value();
                assertThat(all.active())
                        .as("who waits is at work; we never are")
                        .isEqualTo(1);
                assertThat(all.cure()).isNull();
                assertThat(new SurveyedServer(postgres).archive().value().waiting())
                        .isPositive();
            } finally {
                holder.rollback();
                waits.join();
            }
        }
    }

    private static LoadFacts awaitWait(Session session) {
        while (true) {
            var load = new SurveyedServer(session).load().value();
            if (!load.waits().isEmpty()) {
                return load;
            }
            Thread.onSpinWait();
        }
    }

    private static Session open(PostgresServer server, String role, String name) {
        return PostgresDatabase.at(server.url("postgres"), role, null, Map.of()).open(name, Map.of());
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl("postgres"));
    }

    private static int pid(Connection connection) throws SQLException {
        return Objects.requireNonNull(connection.unwrap(org.postgresql.PGConnection.class))
                .getBackendPID();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
