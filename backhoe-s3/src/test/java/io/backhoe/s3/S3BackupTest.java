package io.backhoe.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.backup.BackupException;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.Version;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.undo.Restored;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs whose before-images are in a bucket, on a server that does not always do what it should. */
class S3BackupTest {
    private static final RunOptions OPTIONS = new RunOptions(null, null, "test");
    private static PostgresServer server;

    private final CopyOnWriteArrayList<String> told = new CopyOnWriteArrayList<>();
    private Bucket bucket;
    private Connection connection;
    private Backhoe backhoe;
    private String before;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(Version.CURRENT);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void aTable() throws Exception {
        bucket = Bucket.start();
        connection = DriverManager.getConnection(server.jdbcUrl("postgres"));
        sql("CREATE TABLE orders (id bigint PRIMARY KEY, day date NOT NULL, n integer, tier text)");
        sql("INSERT INTO orders SELECT i, date '2023-01-01' + i % 365, i % 100, CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN"
                + " 'a \"quoted\", text' END FROM generate_series(1, 3000) i");
        sql("CREATE INDEX ON orders (day, id)");
        sql("ANALYZE orders");
        before = digest();
        backhoe = new Backhoe(PostgresDatabase.at(server.url("postgres"), null, null, Map.of()));
    }

    @AfterEach
    void drop() throws Exception {
        sql("DROP SCHEMA IF EXISTS backhoe CASCADE; DROP TABLE orders");
        connection.close();
        bucket.close();
    }

    @Test
    void aRunIsTakenBackByteForByteAndNoSecretIsAnywhere() throws Exception {
        var report = run(10);
        assertThat(report.run().state()).as("%s", told).isEqualTo(RunState.SUCCEEDED);
        assertThat(one("SELECT sum(rows) FROM backhoe.exported")).isEqualTo("3000");
        assertThat(one("SELECT to_regclass('backhoe.before_image_1')")).isNull();
        String ledger = one("SELECT string_agg(x::text, ' ') FROM (SELECT r::text FROM backhoe.run r UNION ALL"
                + " SELECT p::text FROM backhoe.plan p UNION ALL SELECT e::text FROM backhoe.event e UNION ALL"
                + " SELECT x::text FROM backhoe.exported x) x");
        assertThat(ledger + told + bucket.texts())
                .contains("s3://backups/of/shop/")
                .doesNotContain(Bucket.SECRET)
                .doesNotContain("AKIDTEST");
        sql("DROP SCHEMA backhoe CASCADE");

        assertThat(restore().whole()).isTrue();

        assertThat(digest()).isEqualTo(before);
        assertThat(restore().whole()).as("again").isTrue();
        assertThat(digest()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Meddler.Fault.class,
            names = {"SLOW", "FORBIDDEN", "FULL", "UNAVAILABLE", "BENT"})
    void nothingIsWrittenWithoutItsBackup(Meddler.Fault fault) throws Exception {
        bucket.meddler().after(3, fault);

        var report = run(1);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(report.run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
        assertThat(report.run().reason()).contains(BackupException.STOPS).doesNotContain(Bucket.SECRET);
        assertThat(told).anyMatch(line -> line.startsWith("backup: batch rolled back, its backup is waited for (1)"));
        assertThat(one("SELECT count(*) FROM orders WHERE n <> id % 100"))
                .isEqualTo(one("SELECT coalesce(sum(rows), 0) FROM backhoe.exported"));

        bucket.meddler().well();
        var ended = backhoe.resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(ended.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(one("SELECT count(*) FROM orders WHERE n <> id % 100 + 1")).isEqualTo("0");
        assertThat(bucket.objects()).hasSize(Integer.parseInt(one("SELECT count(*) FROM backhoe.exported")));
        backhoe.rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void aServerThatIsKilledInTheMiddleIsWaitedForAndFoundAgain() throws Exception {
        var killed = new AtomicBoolean();
        var report = run(2, () -> {
            if (killed.compareAndSet(false, true)) {
                try {
                    bucket.kill();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        bucket.restart();

        var ended = backhoe.resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(ended.run().state()).isEqualTo(RunState.SUCCEEDED);
        sql("DROP SCHEMA backhoe CASCADE");
        bucket.kill();
        assertThatThrownBy(this::restore)
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE));
        bucket.restart();
        bucket.meddler().after(5, Meddler.Fault.CUT);
        assertThatThrownBy(this::restore)
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE))
                .hasMessageContaining(".csv.zst cannot be read");
        bucket.meddler().well();
        assertThat(restore().whole()).isTrue();
        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void whatIsNotAsItWasWrittenIsNamed() throws Exception {
        run(10);
        sql("DROP SCHEMA backhoe CASCADE");
        String after = digest();
        Path object = bucket.objects().get(4);
        byte[] bytes = Files.readAllBytes(object);
        bytes[20] ^= 1;
        Files.write(object, bytes);
        Files.delete(bucket.objects().get(2));

        assertThatThrownBy(this::restore)
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED))
                .hasMessageContaining(object.getFileName() + " is corrupted")
                .hasMessageContaining(" is missing");
        assertThat(digest()).isEqualTo(after);
    }

    private RunReport run(int retries) {
        return run(retries, () -> {});
    }

    private RunReport run(int retries, Runnable afterAChunk) {
        var read = SpecFile.read("""
                        backfill:
                          name: add_one
                          scope:
                            table: orders
                            date_column: day
                            date_range: { start: 2023-01-01, end: 2024-01-01 }
                          transform:
                            set: { n: "n + 1", tier: "coalesce(tier, 'none')" }
                          strategy: { chunk_by: month, parallelism: 1, preserve_existing: false, max_retries: %d }
                          execution: { pre_checks: [verify_backup_exists] }
                          rollback:
                            strategy: restore_from_backup
                            backup_location: s3://backups/of/shop/
                            keep_in_database: false
                        """.formatted(retries), "s3.yaml", SpecOverrides.NONE);
        var listener = new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                told.add(kind + ": " + message);
                if (kind.equals("chunk_done")) {
                    afterAChunk.run();
                }
            }
        };
        return backhoe.run(backhoe.plan(read.spec(), read.warnings()), OPTIONS, new StopSignal(), listener);
    }

    private Restored restore() {
        String folder;
        try (var store = bucket.store()) {
            folder = store.folders().get(0);
        }
        var location = BackupLocation.parse(Bucket.location() + folder);
        return backhoe.restore(location, UndoOptions.ALL, false, new StopSignal(), RunListener.NONE, c -> {});
    }

    private String digest() throws SQLException {
        return one("SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM orders t");
    }

    private void sql(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String one(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
