package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Backhoe;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked before a run. */
class PreChecksTest {
    private TestDatabase db;

    @BeforeEach
    void aTable() throws SQLException {
        db = TestDatabase.create();
        db.orders(1_000);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @Test
    void allAreAskedAndAllThatFailAreToldBeforeAnythingIsWritten() throws SQLException {
        String before = db.digest("orders");

        var refused = refused(checking("""
                [verify_source_data_exists, verify_backup_exists,
                 {name: no tiers, query: SELECT count(*) FROM orders WHERE tier IS NOT NULL, expect: 0},
                 {name: broken, query: SELECT nosuch FROM orders, expect: 0}]""")
                .replace("end: 2024-01-01", "end: 2023-01-01 00:00:01")
                .replace("  strategy:", "  rollback: {strategy: none}\n  strategy:"));

        assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.code()).isEqualTo("pre_check_failed");
        assertThat(refused.getMessage().lines())
                .satisfiesExactly(
                        l -> assertThat(l)
                                .isEqualTo(
                                        "Pre-check verify_source_data_exists fails: no row of public.orders is in scope,"
                                                + " in none of 1 chunk."),
                        l -> assertThat(l)
                                .startsWith("Pre-check verify_backup_exists fails: rollback.strategy is none"),
                        l -> assertThat(l).isEqualTo("Pre-check no tiers fails: it answers 20, and 0 was expected."),
                        l -> assertThat(l)
                                .startsWith("Pre-check broken could not tell: ")
                                .contains("nosuch", "42703"),
                        l -> assertThat(l).isEqualTo("Nothing was changed; 0 of 4 pre-checks hold."));
        assertThat(db.digest("orders")).isEqualTo(before);
        assertThat(db.number("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'before_image%'"))
                .isZero();
    }

    @Test
    void whatHoldsIsInTheLedger() {
        var report = run(checking("""
                [verify_source_data_exists, verify_target_column_exists, verify_backup_exists,
                 verify_no_concurrent_backfills, verify_permissions, verify_disk_space, capture_baseline_metrics]"""));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.checks().stream().filter(c -> c.phase() == CheckRecord.Phase.PRE))
                .extracting(c -> c.name() + " " + c.verdict().word() + ": " + c.evidence())
                .satisfiesExactly(
                        c -> assertThat(c)
                                .isEqualTo("verify_source_data_exists holds: chunk 2023-01 holds rows in scope"),
                        c -> assertThat(c).isEqualTo("verify_target_column_exists holds: tier (text) of public.orders"),
                        c -> assertThat(c).startsWith("verify_backup_exists holds: before-images are kept"),
                        c -> assertThat(c)
                                .startsWith("verify_no_concurrent_backfills holds: no run: there is no ledger"),
                        c -> assertThat(c).startsWith("verify_permissions holds: the role may fill tier"),
                        c -> assertThat(c)
                                .startsWith("verify_disk_space could_not_tell: the server tells its free disk space to"
                                        + " nobody")
                                .endsWith("server.disk_free in the spec (such as 200GB) lets this compare"),
                        c -> assertThat(c)
                                .isEqualTo("capture_baseline_metrics holds: 1,000 rows in 12 chunks; values of at most"
                                        + " 2,000 rows of each chunk"));
    }

    @Test
    void aFolderThatABackupCanBeWrittenToIsOne(@TempDir Path folder) throws Exception {
        var report = run(backedUp("backup_location: " + folder.toUri()));

        assertThat(report.checks().get(0).evidence())
                .isEqualTo("a probe was written, read and deleted in " + folder
                        + "; that a backup is there was not asked, see rollback.backup: external");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aBackupOfSomebodyElseHasToBeThere(@TempDir Path folder) throws Exception {
        String spec = backedUp("backup: external, backup_location: " + folder);
        assertThat(refused(spec))
                .hasMessageStartingWith("Pre-check verify_backup_exists fails: rollback.backup is external, and "
                        + folder + " is empty.");

        Files.writeString(folder.resolve("orders.dump"), "x");

        assertThat(run(spec).checks().get(0).evidence()).startsWith("1 entry in " + folder);
    }

    @Test
    void whereNoBackupCanBeIsSaid(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(refused(backedUp("backup_location: s3://bucket/orders")))
                .hasMessageContaining(
                        "verify_backup_exists could not tell: rollback.backup_location s3://bucket/orders/:"
                                + " This program keeps no backups at s3://");
        assertThat(refused(backedUp("backup_location: backups/orders"))).hasMessageContaining("not an absolute path");
        assertThat(refused(backedUp("backup_location: " + file))).hasMessageContaining("is no folder");
        assertThat(refused(backedUp("")))
                .hasMessageContaining(
                        "verify_backup_exists fails: rollback.strategy is none: no before-images are kept,"
                                + " and rollback.backup_location names no backup");
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier IS NULL")).isEqualTo(980);
    }

    private static String backedUp(String backup) {
        return checking("[verify_backup_exists]")
                .replace(
                        "  strategy:",
                        "  rollback: { strategy: none" + (backup.isEmpty() ? "" : ", ") + backup + " }\n  strategy:");
    }

    @Test
    void whatEachChunkLookedLikeIsKept() throws SQLException {
        run(checking("[capture_baseline_metrics]"));

        assertThat(db.number("SELECT sum(rows) FROM backhoe.baseline")).isEqualTo(1_000);
        assertThat(db.one("SELECT metrics FROM backhoe.baseline WHERE chunk = 1"))
                .isEqualTo("{\"tier\":{\"rows\":83,\"nulls\":82,\"distinct\":1,\"top\":{\"kept\":1}}}");
    }

    @Test
    void nothingToFillFromIsToldApart() throws SQLException {
        db.sql("CREATE TABLE names (n integer, name text)");

        var refused = refused(checking("[verify_source_data_exists]")
                .replace("\"'t' || n\"", "m.name")
                .replace("  execution:", "    from: names m\n    on: m.n = orders.n\n  execution:"));

        assertThat(refused).hasMessageContaining("what is joined (transform.from) holds no row");
    }

    @Test
    void anotherRunInTheWayIsAConflictNotARefusal() {
        var waiting = db.backhoe()
                .run(
                        db.plan(TestDatabase.fillTier()),
                        new RunOptions(1, 2, "test"),
                        new StopSignal(),
                        RunListener.NONE);

        var refused = refused(checking("[verify_no_concurrent_backfills]"));

        assertThat(refused.exit()).isEqualTo(ExitCode.CONFLICT);
        assertThat(refused)
                .hasMessageContaining("Run " + waiting.run().id() + " (fill_tier, PAUSED) sets the same column of an"
                        + " overlapping range of public.orders and has not ended");
    }

    @Test
    void allAreAskedAndToldAlsoWhereTheTableIsNoLongerAsPlanned() throws SQLException {
        var plan = db.plan(checking("""
                [verify_source_data_exists,
                 {name: no tiers, query: SELECT count(*) FROM orders WHERE tier IS NOT NULL, expect: 0}]"""));
        db.sql("ALTER TABLE orders ALTER n TYPE bigint");

        var refused = catchThrowableOfType(
                BackhoeException.class, () -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE));

        assertThat(refused.exit()).isEqualTo(ExitCode.DRIFTED);
        assertThat(refused.getMessage())
                .endsWith("\nPre-check no tiers fails: it answers 20, and 0 was expected.\n1 of 2 pre-checks hold.");
    }

    @Test
    void aWishToStopCancelsThemAndNoRunIsEntered() throws Exception {
        var plan = db.plan(checking("[{name: slow, query: SELECT 1 FROM pg_sleep(300), expect: 1, timeout: 10min}]"));
        var stop = new StopSignal();
        var refusal = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                BackhoeException.class, () -> db.backhoe().run(plan, OPTIONS, stop, RunListener.NONE)));
        db.awaitNumber(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                        + " AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep(300)%'",
                1);

        stop.request("SIGINT");

        assertThat(refusal.get(30, TimeUnit.SECONDS)).satisfies(e -> {
            assertThat(e.exit()).isEqualTo(ExitCode.STOPPED);
            assertThat(e).hasMessage("Stopped (SIGINT) before a run was entered. Nothing was changed.");
        });
        assertThat(db.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                .isZero();
    }

    @Test
    void whatIsJoinedHasToBeReadableToo() throws SQLException {
        db.sql("CREATE TABLE names (n integer, name text); INSERT INTO names VALUES (1, 'x')");
        var plan = db.plan(checking("[verify_permissions]")
                .replace("\"'t' || n\"", "m.name")
                .replace("  execution:", "    from: names m\n    on: m.n = orders.n\n  execution:"));
        String name = db.one("SELECT current_database()");
        String role = name + "_joins";
        db.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT, UPDATE ON orders TO " + role
                + "; GRANT CREATE ON DATABASE " + name + " TO " + role);
        try {
            var backhoe = new Backhoe(PostgresDatabase.at(db.url(), role, null, Map.of()));
            var refused = catchThrowableOfType(
                    BackhoeException.class, () -> backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE));

            assertThat(refused.exit()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(refused).hasMessageContaining("permission denied for table names");
            assertThat(db.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                    .isZero();
        } finally {
            db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }

    private static String checking(String checks) {
        return TestDatabase.fillTier()
                .replace(
                        "  strategy:",
                        "  execution:\n    pre_checks: " + checks.replace("\n", "\n      ") + "\n  strategy:");
    }

    private RunReport run(String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private BackhoeException refused(String spec) {
        var plan = db.plan(spec);
        return catchThrowableOfType(
                BackhoeException.class, () -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE));
    }
}
