package io.backhoe.backfill;

import static io.backhoe.backfill.AssessTest.codes;
import static io.backhoe.backfill.AssessTest.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Severity;
import io.backhoe.database.ReplicaFacts;
import io.backhoe.database.Shown;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A primary and its standby, which takes no writes whatever is asked of it. */
class AssessStandbyTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void theStandbyShowsTheSameGapAndThePrimaryItsReplica(Version version, @TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var options = ServerOptions.of(version).in(folder.resolve("primary"));
        try (var alone = PostgresServer.start(options);
                var connection = DriverManager.getConnection(alone.jdbcUrl("postgres"))) {
            Shops.make(connection);
        }
        copy(folder.resolve("primary"), folder.resolve("standby"));

        try (var primary = PostgresServer.start(options.with("synchronous_standby_names", "replica_1"))) {
            follow(folder.resolve("standby"), primary.port());
            try (var standby = PostgresServer.start(ServerOptions.of(version).in(folder.resolve("standby")));
                    var connection = DriverManager.getConnection(primary.jdbcUrl("postgres"))) {
                Shops.await(connection, "SELECT count(*) = 1 FROM pg_stat_replication WHERE replay_lsn IS NOT NULL");

                standbyIsAssessed(primary, standby);
                replicaIsTold(primary);
                aReplicaThatLagsIsAWarning(primary);
            }
        }
    }

    private static void standbyIsAssessed(PostgresServer primary, PostgresServer standby) {
        var there = AssessServerTest.assess(standby, "postgres", AssessOptions.DEFAULT);
        var here = AssessServerTest.assess(primary, "postgres", AssessOptions.DEFAULT);

        assertThat(codes(there)).contains("on_a_standby", "reached_by_index", "no_recent_rows");
        assertThat(there.of(Severity.BLOCKER)).isEmpty();
        assertThat(there.unanswered()).isEmpty();
        assertThat(Objects.requireNonNull(there.gaps()).periods())
                .isEqualTo(Objects.requireNonNull(here.gaps()).periods());
        assertThat(there.gaps().missing()).isEqualTo(588);
        assertThat(codes(here)).doesNotContain("on_a_standby");
    }

    private static void replicaIsTold(PostgresServer primary) {
        var assessment = AssessServerTest.assess(primary, "postgres", AssessOptions.DEFAULT);

        assertThat(finding(assessment, "replica").evidence()).containsEntry("replica", "replica_1");
        assertThat(finding(assessment, "synchronous_standby").evidence())
                .containsEntry("synchronous_standby_names", "replica_1");
        assertThat(codes(assessment)).doesNotContain("replica_lags");
    }

    private static void aReplicaThatLagsIsAWarning(PostgresServer primary) {
        var database = ToldOtherwise.of(
                PostgresDatabase.at(primary.url("postgres"), null, null, Map.of()),
                "replicas",
                (Shown<ReplicaFacts> shown) -> new Shown<>(
                        new ReplicaFacts(List.of(new ReplicaFacts.Replica("slow", 61.0, 9_000_000L)), "", 0),
                        shown.sql()));

        var assessment = new Backhoe(database)
                .assess(
                        SpecFile.read(Scene.SPEC, "test.yaml", SpecOverrides.NONE)
                                .spec(),
                        AssessOptions.DEFAULT);

        assertThat(finding(assessment, "replica_lags").what()).contains("slow is 61 s behind", "8.6 MB");
        assertThat(codes(assessment)).doesNotContain("replica", "synchronous_standby");
    }

    /** The primary has been stopped in order, so its folder is whole. */
    static void copy(Path from, Path to) throws Exception {
        var process = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    static void follow(Path standby, int port) throws Exception {
        Files.createFile(standby.resolve("standby.signal"));
        Files.writeString(
                standby.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres application_name=replica_1'\n",
                StandardOpenOption.APPEND);
    }
}
