package io.backhoe.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresServerTest {

    @ParameterizedTest
    @EnumSource(Version.class)
    void startsTheVersionThatWasAskedFor(Version version) {
        try (var server = PostgresServer.start(version)) {
            String major = version.number().replaceFirst("\\..*", "");

            assertThat(new Sql(server).value("SHOW server_version")).startsWith(major + ".");
            assertThat(new Sql(server).value("SELECT current_user")).isEqualTo("postgres");
        }
    }

    @Test
    void listensOnTheLoopbackAddressOnly() {
        try (var server = PostgresServer.start(Version.CURRENT)) {
            assertThat(new Sql(server).value("SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(new Sql(server).value("SHOW unix_socket_directories")).isEmpty();
            assertThat(server.url("shop")).isEqualTo("postgresql://postgres@127.0.0.1:" + server.port() + "/shop");
        }
    }

    @Test
    void takesSettingsWithQuotesAndBackslashes() {
        ServerOptions options = ServerOptions.of(Version.CURRENT)
                .with("log_timezone", "America/St_Johns")
                .with("backhoe.example", "it's a \\n");
        try (var server = PostgresServer.start(options)) {
            assertThat(new Sql(server).value("SHOW log_timezone")).isEqualTo("America/St_Johns");
            assertThat(new Sql(server).value("SHOW backhoe.example")).isEqualTo("it's a \\n");
        }
    }

    @Test
    void saysWhyItDidNotStartAndLeavesNothing(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, Folders.OPEN);
        ServerOptions options =
                ServerOptions.of(Version.CURRENT).in(directory.resolve("data")).with("shared_buffers", "much");

        assertThatThrownBy(() -> PostgresServer.start(options))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("shared_buffers");
        assertThat(directory.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void removesWhatIsItsOwnWhenClosed() {
        var server = PostgresServer.start(Version.CURRENT);
        long pid = server.pid();
        Path home = server.log().resolveSibling("");

        server.close();
        server.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(home).doesNotExist();
    }

    @Test
    void recoversWhatWasCommittedAfterACrash() {
        try (var server = PostgresServer.start(Version.CURRENT)) {
            int port = server.port();
            new Sql(server).run(List.of("CREATE TABLE kept AS SELECT 42 AS answer"));

            server.kill();
            assertThatThrownBy(() -> new Sql(server).value("SELECT 1")).hasStackTraceContaining("refused");
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(new Sql(server).value("SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void leavesADirectoryOfTheCallersWithItsData(@TempDir Path directory) throws Exception {
        // The server may run as another user, who has to get there.
        Files.setPosixFilePermissions(directory, Folders.OPEN);
        ServerOptions options = ServerOptions.of(Version.CURRENT).in(directory.resolve("data"));
        try (var first = PostgresServer.start(options)) {
            new Sql(first).run(List.of("CREATE TABLE kept AS SELECT 42 AS answer"));
        }

        try (var second = PostgresServer.start(options)) {
            assertThat(new Sql(second).value("SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void startsManyAtOnceOnPortsOfTheirOwn() {
        List<CompletableFuture<PostgresServer>> starts = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> PostgresServer.start(Version.CURRENT)))
                .limit(3)
                .toList();
        List<PostgresServer> servers =
                starts.stream().map(CompletableFuture::join).toList();
        try {
            assertThat(servers).extracting(PostgresServer::port).doesNotHaveDuplicates();
            assertThat(servers)
                    .allSatisfy(server -> assertThat(new Sql(server).value("SHOW data_directory"))
                            .isEqualTo(server.dataDirectory().toString()));
        } finally {
            servers.forEach(PostgresServer::close);
        }
    }

    @Test
    void hasNoStopCommandUnlessItIsKept() {
        try (var server = PostgresServer.start(Version.CURRENT)) {
            assertThatThrownBy(server::stopCommand).isInstanceOf(IllegalStateException.class);
        }
    }
}
