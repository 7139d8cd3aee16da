package io.backhoe.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.database.Session;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectTest {
    private static final PostgresServer SERVER = PostgresServer.start(ServerOptions.of(Version.CURRENT)
            .with("max_connections", "10")
            .with("superuser_reserved_connections", "0"));

    @BeforeAll
    static void demandAPassword() throws IOException {
        try (Session session = open(SERVER.url("postgres"), null)) {
            session.execute("CREATE ROLE ada LOGIN PASSWORD 'geheim'");
            session.execute("CREATE DATABASE closed");
            session.execute("REVOKE CONNECT ON DATABASE closed FROM public");
            Path rules = SERVER.dataDirectory().resolve("pg_hba.conf");
            Files.writeString(rules, "host all ada 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
            session.query("SELECT pg_reload_conf()", Map.of());
        }
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static Session open(String url, @Nullable String password) {
        return PostgresDatabase.at(url, null, password, Map.of()).open("backhoe/test", Map.of());
    }

    private static String adasUrl(String database) {
        return SERVER.url(database).replace("postgres@", "ada@");
    }

    private static void refuses(String code, String url, @Nullable String password) {
        var refusal = catchThrowableOfType(BackhoeException.class, () -> open(url, password));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(refusal.hint()).isNotBlank();
        assertThat(refusal.getMessage()).containsPattern("[a-z0-9.]+:[0-9]+/[a-z]+ as [a-z]+");
        if (password != null) {
            assertThat(refusal.getMessage()).doesNotContain(password);
        }
    }

    @Test
    void logsInWithAPasswordGivenApart() {
        try (Session session = open(adasUrl("postgres"), "geheim")) {
            assertThat(session.query("SELECT current_user", Map.of()).get(0).required(0))
                    .isEqualTo("ada");
        }
    }

    @Test
    void logsInWithThePasswordFileOfLibpq(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("pgpass");
        Files.writeString(file, "127.0.0.1:" + SERVER.port() + ":postgres:ada:geheim\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        System.setProperty("org.postgresql.pgpassfile", file.toString());
        try (Session session = open(adasUrl("postgres"), null)) {
            assertThat(session.query("SELECT current_user", Map.of()).get(0).required(0))
                    .isEqualTo("ada");
        } finally {
            System.clearProperty("org.postgresql.pgpassfile");
        }
    }

    @Test
    void saysWhyThereIsNoConnection() throws IOException {
        refuses("login_failed", adasUrl("postgres"), "falsch");
        refuses("login_failed", adasUrl("postgres"), null);
        refuses("database_not_found", SERVER.url("nirgends"), null);
        refuses("connect_denied", adasUrl("closed"), "geheim");
        refuses("host_unknown", "postgresql://ada@no-such-host.invalid/shop", "geheim");
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        refuses("server_unreachable", "postgresql://ada@127.0.0.1:" + closed + "/shop", "geheim");
    }

    @Test
    void saysThatAllConnectionsAreTaken() {
        try (Session session = open(SERVER.url("postgres"), null)) {
            session.execute("ALTER ROLE ada CONNECTION LIMIT 0");
            refuses("too_many_connections", adasUrl("postgres"), "geheim");
            session.execute("ALTER ROLE ada CONNECTION LIMIT -1");
        }
    }

    @Test
    void noticesAServerThatTakesNoWrites() {
        var database = PostgresDatabase.at(SERVER.url("postgres"), null, null, Map.of());
        try (Session session = database.open("backhoe/test", Map.of("default_transaction_read_only", "on"))) {
            assertThat(database.server(session).readOnly()).isTrue();
        }
    }

    @Test
    void givesALedgersMigrationsPlainConnections() throws SQLException {
        var database = PostgresDatabase.at(adasUrl("postgres"), null, "geheim", Map.of());

        try (Connection connection = database.dataSource().getConnection()) {
            assertThat(connection.getMetaData().getUserName()).isEqualTo("ada");
        }
        assertThat(database.describe()).isEqualTo("127.0.0.1:" + SERVER.port() + "/postgres as ada");
    }
}
