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
    void logsInWithThePasswordFileOfLibpqUnlessOthersMayReadIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("pgpass");
        Files.writeString(file, """
                # of nobody
                other:*:*:ada:falsch
                127.0.0.1:%d:post\\:gres:ada:falsch
                127.0.0.1:%1$d:postgres:ada:geheim
                *:*:*:*:falsch
                """.formatted(SERVER.port()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        var database = PostgresDatabase.at(
                new Login(adasUrl("postgres"), null, null, "--url"), Map.of("PGPASSFILE", file.toString()));
        BackhoeException refusal;
        try (Session session = database.open("backhoe/test", Map.of())) {
            assertThat(session.query("SELECT current_user", Map.of()).get(0).required(0))
                    .isEqualTo("ada");
            assertThat(database.sources()).endsWith("password from line 4 of " + file);

            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            refusal = catchThrowableOfType(BackhoeException.class, () -> database.open("backhoe/test", Map.of()));
        }

        assertThat(refusal.code()).isEqualTo("login_failed");
        assertThat(refusal)
                .hasMessageContaining("host, port, database, user from --url; no password, and " + file
                        + " is not used because others may read it (chmod 600 " + file + ")");
    }

    @Test
    void thePasswordFileIsReadAnewForEachConnection(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("pgpass");
        Files.writeString(file, "*:*:*:ada:abgelaufen\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        var database = PostgresDatabase.at(adasUrl("postgres") + "?passfile=" + file, null, null, Map.of());
        assertThat(catchThrowableOfType(BackhoeException.class, () -> database.open("backhoe/test", Map.of()))
                        .code())
                .isEqualTo("login_failed");

        Files.writeString(file, "*:*:*:ada:geheim\n");
        try (Session session = database.open("backhoe/test", Map.of())) {
            assertThat(session.processId()).isPositive();
        }
    }

    @Test
    void connectsToAServiceOfLibpq(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("services");
        Files.writeString(file, """
                [other]
                host=nowhere.invalid

                # the shop
                [shop]
                host=127.0.0.1
                port=%d
                dbname=postgres
                user=ada
                password=geheim
                connect_timeout=5
                """.formatted(SERVER.port()));
        var environment = Map.of("PGSERVICEFILE", file.toString(), "PGSERVICE", "shop", "PGUSER", "nobody");

        var database = PostgresDatabase.at("postgresql://", null, null, environment);
        try (Session session = database.open("backhoe/test", Map.of())) {
            assertThat(session.query("SELECT current_user", Map.of()).get(0).required(0))
                    .isEqualTo("ada");
        }
        assertThat(database.sources())
                .isEqualTo("host, port, database, user from service shop in " + file
                        + "; password from service shop in " + file);
        assertThat(PostgresDatabase.at("postgresql://bob@/x?service=other", null, null, environment)
                        .describe())
                .isEqualTo("nowhere.invalid:5432/x as bob");
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
    void theNextHostIsTriedWhenOneDoesNotAnswer() {
        String several = "postgresql://postgres@127.0.0.1:1,127.0.0.1:" + SERVER.port()
                + "/postgres?target_session_attrs=primary&connect_timeout=3";

        try (Session session = open(several, null)) {
            assertThat(session.processId()).isPositive();
        }
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
