package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.spec.ChunkBy;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement of the user's own that does the work of each chunk or batch, in its transaction. */
class StatementTest {
    private static final int ROWS = 5_000;
    private static final String IN_CHUNK = " WHERE order_date >= :chunk_start AND order_date < :chunk_end";
    private static final String ADD_ONE = "UPDATE orders SET n = n + 1";

    private TestDatabase db;

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(ROWS);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    private static BackfillSpec spec(String sql, boolean wholeChunks, String... columns) {
        return BackfillSpec.named("by_statement")
                .table("orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .sql(sql, wholeChunks, columns);
    }

    private RunReport run(BackfillSpec spec) {
        Plan plan = db.backhoe().plan(spec.build());
        return db.backhoe()
                .run(PlanFile.read(PlanFile.write(plan), "plan"), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private RunReport rollback(RunReport report) {
        return db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void killedAgainAndAgainBatchesAreDoneOnceAndTakenBackToTheByte(Version version) throws Exception {
        killedAgainAndAgain(version, 2, ADD_ONE + " WHERE {{rows}}", "batch");
    }

    @Test
    void killedAgainAndAgainWholeChunksAreDoneOnceAndTakenBackToTheByte() throws Exception {
        killedAgainAndAgain(Version.CURRENT, 60, ADD_ONE + IN_CHUNK, "chunk");
    }

    private static void killedAgainAndAgain(Version version, int months, String sql, String per) throws Exception {
        long seed = Long.getLong("backhoe.crash.seed", System.nanoTime());
        System.out.println("StatementTest on " + version + ": -Dbackhoe.crash.seed=" + seed);
        try (var crashes = TestDatabase.on(version)) {
            var scene = new CrashScene(crashes, 20_000, months).executing(sql, per);
            try (var storm = new CrashStorm(scene, new Random(seed))) {
                scene.pace(0.0005);
                storm.kill(3, () -> scene.runId() == 0 ? scene.orderToRun(2) : "resume " + scene.runId());
                scene.pace(0);
                storm.finish("resume " + scene.runId());
                scene.everyRowHasOneMore();

                storm.finish("rollback " + scene.runId());
                scene.everythingIsAsBefore();
            }
        }
    }

    @Test
    void aChunkIsOneTransactionAndWhatItDoesElsewhereCommitsWithItAndIsNotUndone() throws Exception {
        db.sql("CREATE TABLE told (id bigint, xid xid8)");
        String before = db.digest("orders");
        var report = run(spec("""
                WITH changed AS (
                    UPDATE orders SET tier = 'w' || n WHERE {{rows}} RETURNING id)
                INSERT INTO told SELECT id, pg_current_xact_id() FROM changed
                -- the last line is a comment with {{rows}} and :chunk_start""", true, "tier"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(ROWS - ROWS / 50);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'kept'")).isEqualTo(ROWS / 50);
        assertThat(db.number("SELECT count(*) FROM told")).isEqualTo(ROWS - ROWS / 50);
        assertThat(db.number("SELECT count(DISTINCT xid) FROM told")).isEqualTo(12);
        db.sql("UPDATE orders SET tier = 'since' WHERE id IN (7, 8)");
        assertThat(rollback(report).kept()).isEqualTo(2);
        db.sql("UPDATE orders SET tier = NULL WHERE id IN (7, 8)");
        assertThat(db.digest("orders")).isEqualTo(before);
        assertThat(db.number("SELECT count(*) FROM told")).isEqualTo(ROWS - ROWS / 50);
    }

    @Test
    void stretchesOfKeysAreChunksWhereTheConditionIsNamed() throws Exception {
        var report = run(spec(ADD_ONE + " WHERE {{rows}}", false, "n")
                .chunkBy(ChunkBy.KEY)
                .chunkRows(1_000)
                .preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
    }

    @Test
    void moreRowsThanTheRangeHasAbortIt() throws Exception {
        db.sql("CREATE TABLE told (id bigint)");
        String before = db.digest("orders");

        failed(
                run(spec(ADD_ONE + " WHERE :chunk_start < :chunk_end", true, "n")
                        .preserveExisting(false)),
                "rows, more than the");
        failed(
                run(spec("INSERT INTO told SELECT id FROM orders, generate_series(1, 2)" + IN_CHUNK, true, "n")),
                "rows, more than the");

        assertThat(db.digest("orders")).isEqualTo(before);
        assertThat(db.number("SELECT count(*) FROM told")).isZero();
    }

    @Test
    void rowsOfTheTableBeyondTheRangeAbortIt() throws Exception {
        db.sql("UPDATE orders SET order_date = timestamptz '2023-02-01 00:00+00', tier = NULL WHERE id IN (7, 9)");
        String before = db.digest("orders");

        var report = run(spec(
                        "UPDATE orders SET tier = 'late' WHERE order_date BETWEEN :chunk_start AND :chunk_end AND id % 2 = 1",
                        true, "tier")
                .preserveExisting(false));

        assertThat(report.chunks().get(0).state()).isEqualTo(ChunkState.FAILED);
        assertThat(report.chunks().get(0).error())
                .contains("rows of public.orders, and ", "are in this range", "It was rolled back", "BETWEEN");
        rollback(report);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void whatATriggerWritesInASubtransactionIsOfTheRangeToo() throws Exception {
        db.sql("CREATE FUNCTION careful() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " BEGIN UPDATE orders SET amount = 1 WHERE id = NEW.id;"
                + " EXCEPTION WHEN division_by_zero THEN NULL; END; RETURN NULL; END $$");
        db.sql("ALTER TABLE orders ADD amount numeric");
        db.sql("CREATE TRIGGER careful AFTER UPDATE OF tier ON orders FOR EACH ROW EXECUTE FUNCTION careful()");

        var report = run(spec("UPDATE orders SET tier = 'x'" + IN_CHUNK + " AND tier IS NULL", true, "tier"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(ROWS - ROWS / 50);
    }

    @Test
    void whatIsProtectedMayNotBeChangedAndRowsMayNotGo() throws Exception {
        String before = db.digest("orders");

        failed(run(spec(ADD_ONE + IN_CHUNK, true, "n")), "preserve_existing");
        db.sql("CREATE VIEW all_orders AS SELECT * FROM orders");
        failed(run(spec("DELETE FROM all_orders" + IN_CHUNK, true, "n").preserveExisting(false)), "deleted");

        assertThat(db.digest("orders")).isEqualTo(before);
        var refusal = refused(spec("DELETE FROM orders" + IN_CHUNK, true, "n").preserveExisting(false));
        assertThat(refusal.code()).isEqualTo("sql_deletes_rows");
        assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refusal.hint()).contains("into: replace");
    }

    @Test
    void aChunkWithoutARowOfTheTableIsExecutedAllTheSame() throws Exception {
        db.sql("DELETE FROM orders WHERE order_date < timestamptz '2023-02-01 00:00+00'");
        db.sql("CREATE TABLE days (day date, orders bigint)");
        db.sql("INSERT INTO days SELECT d, -1 FROM generate_series(date '2023-01-01', date '2023-12-31', '1 day') d");
        // What a statement writes within WITH is not counted.
        var counted = run(spec("""
                WITH counted AS (
                    UPDATE days SET orders = (SELECT count(*) FROM orders WHERE order_date >= day AND order_date < day + 1)
                    WHERE day >= CAST(:chunk_start AS date) AND day < CAST(:chunk_end AS date))
                UPDATE orders SET tier = 'seen' WHERE {{rows}}""", true, "tier"));

        assertThat(counted.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(counted.chunks().get(0).state()).isEqualTo(ChunkState.SKIPPED);
        assertThat(db.number("SELECT count(*) FROM days WHERE orders < 0")).isZero();

        var report =
                run(spec("INSERT INTO days SELECT date '2000-01-01', 0 WHERE :chunk_start < :chunk_end", true, "tier"));
        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.chunks().get(0).error())
                .contains(
                        "wrote 1 rows for a range in which the table has none",
                        "It was rolled back",
                        "scope.date_range",
                        "gap_fill");
        assertThat(db.number("SELECT count(*) FROM days WHERE day = date '2000-01-01'"))
                .isEqualTo(11);
    }

    private void failed(RunReport report, String why) {
        assertThat(report.count(ChunkState.FAILED)).isGreaterThanOrEqualTo(3);
        assertThat(report.count(ChunkState.SUCCESS)).isZero();
        assertThat(report.chunks())
                .anySatisfy(c -> assertThat(String.valueOf(c.error())).contains(why));
        db.backhoe().cancel(report.run().id(), "the test");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRowThatTheServerRefusesFailsAChunkAndIsSetAsideOfABatch(boolean wholeChunks) throws Exception {
        db.sql("ALTER TABLE orders ADD CHECK (id <> 77 OR n <= 77)");

        var report = run(spec(ADD_ONE + " WHERE {{rows}}", wholeChunks, "n").preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.count(ChunkState.FAILED)).isEqualTo(wholeChunks ? 1 : 0);
        assertThat(report.quarantined()).isEqualTo(wholeChunks ? 0 : 1);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n = id % 100"))
                .isEqualTo(
                        wholeChunks
                                ? db.number(
                                        "SELECT count(*) FROM orders WHERE order_date < timestamptz '2023-02-01 00:00+00'")
                                : 1);
        db.sql("UPDATE orders SET n = 70 WHERE id = 77");
        var retried = db.backhoe().retry(1, OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT n FROM orders WHERE id = 77")).isEqualTo(71);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isEqualTo(1);
    }

    @Test
    void aLiveWriterIsNotOverwritten() throws Exception {
        db.sql("CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN IF NEW.id = 3 THEN PERFORM pg_sleep(1.5); END IF; RETURN NEW; END'");
        db.sql("CREATE TRIGGER slowly BEFORE UPDATE ON orders FOR EACH ROW WHEN (NEW.tier = 'ours')"
                + " EXECUTE FUNCTION slowly()");
        var running = CompletableFuture.supplyAsync(
                () -> run(spec("UPDATE orders SET tier = 'ours' WHERE {{rows}}", true, "tier")
                        .parallelism(1)));
        db.awaitNumber(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND application_name LIKE 'backhoe/%'",
                1);
        db.sql("UPDATE orders SET tier = 'live' WHERE id = 300");

        assertThat(running.join().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.one("SELECT tier FROM orders WHERE id = 300")).isEqualTo("live");
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'ours'")).isEqualTo(ROWS - ROWS / 50);
    }

    @Test
    void whatTheServerDoesNotTakeIsRefusedWhenItIsPlanned() {
        var unknown = refused(spec("UPDATE orders SET m = 1" + IN_CHUNK, true, "n"));
        assertThat(unknown.code()).isEqualTo("sql_not_valid");
        assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown).hasMessageContaining("\"m\"");

        var keys =
                refused(spec(ADD_ONE + IN_CHUNK, true, "n").chunkBy(ChunkBy.KEY).chunkRows(1_000));
        assertThat(keys.code()).isEqualTo("sql_does_not_fit_chunks");

        var plan = db.backhoe().plan(spec(ADD_ONE + IN_CHUNK, true, "n").build());
        assertThat(plan.explain()).containsKeys("work", "write");
        assertThat(plan.notes()).anySatisfy(n -> assertThat(n).contains("is neither kept for undo nor counted"));
    }

    @Test
    void aStatementThatWouldFeedItselfIsRefused() throws Exception {
        db.sql("CREATE TABLE log (id bigint)");
        String copy =
                "INSERT INTO public.\"orders\" (id, order_date, n) SELECT id + 1000000, order_date, n FROM orders WHERE ";

        assertThat(refused(spec(copy + "{{rows}}", false, "n")).code()).isEqualTo("sql_feeds_itself");
        assertThat(run(spec("INSERT INTO log SELECT id FROM orders WHERE {{rows}}", false, "n")
                                .preserveExisting(false))
                        .run()
                        .state())
                .isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void rowsThatNoUndoWouldTakeOutAgainAreInsertedOnlyWithoutUndo() {
        var copy = spec(
                "INSERT INTO orders (id, order_date, n) SELECT id + 1000000, order_date, n FROM orders" + IN_CHUNK,
                true,
                "n");

        var refusal = refused(copy);
        assertThat(refusal.code()).isEqualTo("sql_inserts_rows");
        assertThat(refusal.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(refusal.hint()).contains("gap_fill", "transform.into", "rollback.strategy: none");
        assertThat(run(copy.withoutUndo()).run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    private BackhoeException refused(BackfillSpec spec) {
        return Objects.requireNonNull(
                catchThrowableOfType(BackhoeException.class, () -> db.backhoe().plan(spec.build())));
    }
}
