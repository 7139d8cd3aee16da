package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.transform.BatchFunction;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Java function that does the work of each batch, in the batch's transaction. */
class FunctionTest {
    private static final int ROWS = 5_000;
    private static final BatchFunction ADD_ONE =
            (range, connection) -> range.update(connection, "UPDATE {table} SET n = n + 1 WHERE {rows}");

    private TestDatabase db;

    /** For the processes that are killed, too. */
    static Backhoe withAddOne(Backhoe backhoe) {
        return backhoe.withBatchFunction("add_one", ADD_ONE);
    }

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(ROWS);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    private static BackfillSpec spec() {
        return BackfillSpec.named("by_function")
                .table("orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1));
    }

    private RunReport run(BatchFunction function, BackfillSpec spec) {
        return run(function, db.backhoe().plan(spec.batchFunction("f", "n").build()));
    }

    private RunReport run(BatchFunction function, Plan plan) {
        return db.backhoe()
                .withBatchFunction("f", function)
                .run(PlanFile.read(PlanFile.write(plan), "plan"), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private RunReport rollback(RunReport report) {
        return db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void killedAgainAndAgainItIsAppliedOnceToEachRowAndTakenBackToTheByte(Version version) throws Exception {
        long seed = Long.getLong("backhoe.crash.seed", System.nanoTime());
        System.out.println("FunctionTest on " + version + ": -Dbackhoe.crash.seed=" + seed);
        try (var crashes = TestDatabase.on(version)) {
            var scene = new CrashScene(crashes, 40_000, 2).calling("add_one");
            try (var storm = new CrashStorm(scene, new Random(seed))) {
                scene.pace(0.0005);
                storm.kill(4, () -> scene.runId() == 0 ? scene.orderToRun(3) : "resume " + scene.runId());
                scene.pace(0);
                storm.finish("resume " + scene.runId());
                scene.everyRowHasOneMore();

                storm.finish("rollback " + scene.runId());
                scene.everythingIsAsBefore();
            }
        }
    }

    @Test
    void onlyWhatDiffersIsKeptAndCounted() throws Exception {
        String before = db.digest("orders");

        var report = run(
                (range, c) ->
                        range.update(c, "UPDATE {table} SET n = CASE WHEN id % 10 = 0 THEN -1 ELSE n END WHERE {rows}"),
                spec().preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.examined()).isEqualTo(ROWS);
        assertThat(report.changed()).isEqualTo(ROWS / 10);
        assertThat(db.number("SELECT count(*) FROM backhoe.before_image_"
                        + report.run().id()))
                .isEqualTo(ROWS / 10);
        assertThat(rollback(report).restored()).isEqualTo(ROWS / 10);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void severalColumnsAndRowsOneByOneKeepWhatIsThere(Version version) throws Exception {
        try (var old = TestDatabase.on(version)) {
            old.orders(ROWS);
            old.sql("ALTER TABLE orders ADD COLUMN rank integer");
            String before = old.digest("orders");
            var plan = old.backhoe()
                    .plan(spec().batchFunction("f", "tier", "rank")
                            .where("id > 100")
                            .build());

            var report = old.backhoe()
                    .withBatchFunction("f", FunctionTest::oneByOne)
                    .run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(old.number("SELECT count(*) FROM orders WHERE id > 100 AND rank IS DISTINCT FROM n"))
                    .isZero();
            assertThat(old.number("SELECT count(*) FROM orders WHERE tier = 'kept'"))
                    .isEqualTo(ROWS / 50);
            assertThat(old.number("SELECT count(*) FROM orders WHERE id <= 100 AND rank IS NOT NULL"))
                    .isZero();
            old.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(old.digest("orders")).isEqualTo(before);
        }
    }

    /** As programs do that compute in Java. */
    private static long oneByOne(io.backhoe.transform.BatchRange range, Connection connection) throws SQLException {
        long changed = 0;
        try (var read = range.prepare(connection, "SELECT id, n FROM {table} WHERE {rows}");
                var write = connection.prepareStatement(
                        "UPDATE orders SET tier = coalesce(tier, ?), rank = ? WHERE id = ?")) {
            read.setFetchSize(100);
            try (var rows = read.executeQuery()) {
                while (rows.next()) {
                    write.setString(1, "t" + rows.getInt(2));
                    write.setInt(2, rows.getInt(2));
                    write.setLong(3, rows.getLong(1));
                    changed += write.executeUpdate();
                }
            }
        }
        return changed;
    }

    @Test
    void withoutTheFunctionARunIsRefusedAndSaysWhoHasIt() {
        Plan plan = db.backhoe().plan(spec().batchFunction("f", "n").build());

        var refusal = catchThrowableOfType(
                BackhoeException.class, () -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE));

        assertThat(refusal.code()).isEqualTo("function_not_registered");
        assertThat(refusal).hasMessageContaining("the Java function 'f'");
        assertThat(refusal.hint()).startsWith("Run or resume it from the program that has the function");
        assertThat(db.backhoe().hasLedger()).isFalse();
    }

    @Test
    void aLiveWriteBetweenTheLooksIsNotOverwritten() throws Exception {
        var once = new AtomicInteger();
        db.sql("UPDATE orders SET tier = NULL");
        var plan = db.backhoe().plan(spec().batchFunction("f", "tier").build());

        var report = run(
                (range, c) -> {
                    if (once.getAndIncrement() == 0) {
                        try (var live = db.connect();
                                var statement = live.createStatement()) {
                            statement.execute("UPDATE orders SET tier = 'live' WHERE id <= 40");
                        }
                    }
                    return range.update(c, "UPDATE {table} SET tier = 'ours' WHERE {rows}");
                },
                plan);

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'live'")).isEqualTo(40);
        assertThat(rollback(report).restored()).isEqualTo(ROWS - 40);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'live'")).isEqualTo(40);
    }

    @Test
    void whatIsProtectedMayNotBeChanged() throws Exception {
        String before = db.digest("orders");

        var report = run(
                (range, c) -> Math.min(1, range.update(c, "UPDATE {table} SET n = 0 WHERE ({rows}) OR true")), spec());

        failed(report, "preserve_existing");
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void rowsMayNotGo() throws Exception {
        var report =
                run((range, c) -> range.update(c, "DELETE FROM {table} WHERE {rows}"), spec().preserveExisting(false));

        failed(report, "deleted");
        assertThat(db.number("SELECT count(*) FROM orders")).isEqualTo(ROWS);
    }

    @Test
    void moreRowsThanThereAreIsAnError() {
        failed(run((range, c) -> range.rows() + 1, spec().preserveExisting(false)), "says it changed");
    }

    @Test
    void theTransactionIsNotTheFunctionsToEnd() {
        var report = run(
                (range, c) -> {
                    List<ThrowingCallable> endings = List.of(
                            c::commit,
                            c::rollback,
                            c::close,
                            () -> c.abort(Runnable::run),
                            () -> c.setAutoCommit(true),
                            () -> c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE),
                            () -> c.createStatement().getConnection().commit(),
                            () -> c.createStatement().execute("SELECT 1; /* now */ COMMIT"),
                            () -> c.prepareStatement("rollback"),
                            () -> c.createStatement().addBatch("PREPARE TRANSACTION 'x'"));
                    assertThat(endings)
                            .allSatisfy(ending -> assertThatThrownBy(ending)
                                    .isInstanceOf(SQLException.class)
                                    .hasMessageContaining("is not for the function"));
                    c.setAutoCommit(false);
                    return ADD_ONE.apply(range, c);
                },
                spec().preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(ROWS);
    }

    @Test
    void anEndingThatIsTriedFailsTheChunk() throws Exception {
        String before = db.digest("orders");

        var report = run(
                (range, c) -> {
                    long rows = ADD_ONE.apply(range, c);
                    c.commit();
                    return rows;
                },
                spec().preserveExisting(false));

        failed(report, "Connection.commit is not for the function");
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void savepointsAreTheFunctionsOwn() throws Exception {
        var report = run(
                (range, c) -> {
                    var savepoint = c.setSavepoint();
                    c.createStatement().execute("UPDATE orders SET n = -5");
                    c.rollback(savepoint);
                    return ADD_ONE.apply(range, c);
                },
                spec().preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(ROWS);
    }

    @Test
    void anErrorThatIsSwallowedDoesNotCommit() {
        failed(
                run(
                        (range, c) -> {
                            try {
                                c.createStatement().execute("SELECT 1 / 0");
                            } catch (SQLException e) {
                                return 0;
                            }
                            return 1;
                        },
                        spec().preserveExisting(false)),
                "has failed, and the function went on");
    }

    @Test
    void whatItThrowsFailsTheChunkWithoutAWordOfItsMessage() {
        var report = run(
                (range, c) -> {
                    throw new IllegalStateException("card 4111 1111");
                },
                spec().preserveExisting(false));

        failed(report, "threw java.lang.IllegalStateException at io.backhoe.backfill.FunctionTest");
        assertThat(report.chunks())
                .allSatisfy(c -> assertThat(String.valueOf(c.error())).doesNotContain("4111"));
    }

    /** Others wrap the driver's exceptions, too. */
    @Test
    void aRowThatCannotBeDoneIsSetAsideAndTheRestIsDone() throws Exception {
        db.sql("ALTER TABLE orders ADD CHECK (id <> 77 OR n = 77)");

        var report = run(
                (range, c) -> {
                    try {
                        return ADD_ONE.apply(range, c);
                    } catch (SQLException e) {
                        throw new IllegalStateException("wrapped", e);
                    }
                },
                spec().preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.changed()).isEqualTo(ROWS - 1);
        assertThat(db.number("SELECT n FROM orders WHERE id = 77")).isEqualTo(77);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopEndsAFunctionThatGoesOn(boolean inSql) throws Exception {
        String before = db.digest("orders");
        var stop = new StopSignal();
        Plan plan = db.backhoe()
                .plan(spec().batchFunction("f", "n").preserveExisting(false).build());
        BatchFunction forever = (range, c) -> {
            long rows = ADD_ONE.apply(range, c);
            stop.request("the test");
            if (inSql) {
                c.createStatement().execute("SELECT pg_sleep(9)");
            } else {
                new CountDownLatch(1).await();
            }
            return rows;
        };

        var report = db.backhoe().withBatchFunction("f", forever).run(plan, OPTIONS, stop, RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(report.run().reason()).contains("the test");
        assertThat(db.digest("orders")).isEqualTo(before);
        var resumed = db.backhoe()
                .withBatchFunction("f", ADD_ONE)
                .resume(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(resumed.changed()).isEqualTo(ROWS);
        assertThat(Objects.equals(resumed.run().exitCode(), ExitCode.SUCCESS.code()))
                .isTrue();
    }

    private static void failed(RunReport report, String because) {
        assertThat(report.run().state()).isIn(RunState.PAUSED, RunState.PARTIAL);
        assertThat(report.count(ChunkState.SUCCESS)).isZero();
        assertThat(report.chunks().stream().map(c -> String.valueOf(c.error())))
                .anySatisfy(error -> assertThat(error).contains(because));
        assertThat(report.changed()).isZero();
    }
}
