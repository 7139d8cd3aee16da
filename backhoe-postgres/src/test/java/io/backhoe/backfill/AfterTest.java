package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.PlanOptions;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backfill that comes after another: a chunk begins when the other has done the same range. */
class AfterTest {
    private static final String TIER_FROM_N = TestDatabase.fillTier()
            .replace("name: fill_tier", "name: tier_from_n\n  after: [add_one]")
            .replace("parallelism: 2", "parallelism: 2, preserve_existing: false");

    private TestDatabase db;

    @BeforeEach
    void orders() throws SQLException {
        db = TestDatabase.create();
        db.orders(1_200);
        db.sql("CREATE TABLE original AS TABLE orders");
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @Test
    void eachChunkWaitsForTheSameMonthOfTheOtherAndSaysSo() throws Exception {
        Plan plan = db.plan(TIER_FROM_N);
        assertThat(PlanFile.read(PlanFile.write(plan), "plan").spec().after()).containsExactly("add_one");
        assertThat(plan.notes())
                .contains(
                        "after add_one: this ledger has no run of it yet; chunks wait until there is one that has done"
                                + " their range.");
        var later = begin(plan);
        db.awaitNumber(
                "SELECT count(*) FROM backhoe.event WHERE message = 'after: waits for add_one, of which this ledger"
                        + " has no run yet'",
                1);
        assertThat(db.number("SELECT count(*) FROM backhoe.segment")).isZero();
        assertThat(db.backhoe().status(1, 20).run().state()).isEqualTo(RunState.RUNNING);

        var some = run(db.plan(TestDatabase.addOne()), new RunOptions(1, 5, "test"));
        assertThat(some.run().state()).isEqualTo(RunState.PAUSED);
        db.awaitNumber("SELECT count(*) FROM backhoe.chunk WHERE run_id = 1 AND state = 'success'", 5);
        assertThat(db.number("SELECT count(*) FROM backhoe.chunk WHERE run_id = 1 AND state = 'success'"
                        + " AND chunk_id > '2023-05'"))
                .isZero();
        assertThat(db.backhoe().list(5)).anySatisfy(r -> assertThat(r.id()).isEqualTo(1));
        db.awaitNumber(
                "SELECT count(*) FROM backhoe.event WHERE run_id = 1 AND message ="
                        + " 'after: waits for add_one, whose run 2 is PAUSED and has not done the same range'",
                1);
        db.backhoe().resume(2, OPTIONS, new StopSignal(), RunListener.NONE);

        var report = later.join();
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertEachTierIsOfTheNewNumber();
        undo(1);
        undo(2);
        assertThat(db.digest("orders")).isEqualTo(db.digest("original"));
    }

    private void assertEachTierIsOfTheNewNumber() throws SQLException {
        assertThat(db.number("SELECT count(*) FROM orders JOIN original USING (id)"
                        + " WHERE orders.n <> original.n + 1 OR orders.tier <> 't' || orders.n"))
                .isZero();
    }

    @Test
    void killedWhileItWaitsItIsResumedAndGoesOnWhenItMay() throws Exception {
        String order = "run " + Base64.getEncoder().encodeToString(TIER_FROM_N.getBytes(StandardCharsets.UTF_8));
        try (var process = CrashProcess.ordered(db, order)) {
            db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE 'after: waits for %'", 1);
            process.kill();
        }
        assertThat(run(db.plan(TestDatabase.addOne()), OPTIONS).run().state()).isEqualTo(RunState.SUCCEEDED);

        var report = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.changed()).isEqualTo(1_200);
        assertEachTierIsOfTheNewNumber();
    }

    @Test
    void whileItWaitsItIsPausedAndCancelledAsEver() throws Exception {
        var later = begin(db.plan(TIER_FROM_N));
        db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE 'after: waits for %'", 1);

        assertThat(db.backhoe().pause(1, "test").run().state()).isEqualTo(RunState.PAUSED);

        assertThat(later.join().run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
        var again = CompletableFuture.supplyAsync(
                () -> db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE));
        db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE 'after: waits for %'", 2);
        assertThat(db.backhoe().cancel(1, "test").run().state()).isEqualTo(RunState.CANCELLED);
        assertThat(again.join().run().state()).isEqualTo(RunState.CANCELLED);
        assertThat(db.digest("orders")).isEqualTo(db.digest("original"));
    }

    @Test
    void aStopSignalEndsTheWait() throws Exception {
        var stop = new StopSignal();
        Plan plan = db.plan(TIER_FROM_N);
        var later = CompletableFuture.supplyAsync(() -> db.backhoe().run(plan, OPTIONS, stop, RunListener.NONE));
        db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE 'after: waits for %'", 1);

        stop.request("SIGTERM");

        assertThat(later.join().run().state()).isEqualTo(RunState.PAUSED);
    }

    @Test
    void whatTheOtherWillNeverDoIsNotWaitedForForEver() throws Exception {
        run(db.plan(TestDatabase.addOne()), new RunOptions(1, 5, "test"));
        db.backhoe().cancel(1, "test");

        var report = run(db.plan(TIER_FROM_N), OPTIONS);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(report.run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
        assertThat(report.run().reason())
                .isEqualTo("after add_one, whose run 1 is CANCELLED and has not done the same range: 7 chunks wait for"
                        + " what will not come. Once a run of it has done the rest, resume goes on");
        assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(5);
        // What is left of it is another run, which is the newest then.
        var rest = db.backhoe().planRest(1, PlanOptions.LOOK_ONLY);
        assertThat(run(rest, OPTIONS).run().state()).isEqualTo(RunState.SUCCEEDED);
        var resumed = db.backhoe().resume(2, OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertEachTierIsOfTheNewNumber();
    }

    @Test
    void aRangeWithRowsSetAsideIsDoneWhenTheyAre() throws Exception {
        db.sql("ALTER TABLE orders ADD CHECK (id <> 77 OR n <= 77)");
        var other = run(db.plan(TestDatabase.addOne()), OPTIONS);
        assertThat(other.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(other.quarantined()).isEqualTo(1);

        var report = run(db.plan(TIER_FROM_N), OPTIONS);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(report.run().reason()).startsWith("after add_one, whose run 1 is PARTIAL");
        assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(11);
        db.sql("UPDATE orders SET n = 70 WHERE id = 77");
        db.backhoe().retry(1, OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(resume(2).run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.one("SELECT tier FROM orders WHERE id = 77")).isEqualTo("t71");
    }

    @Test
    void oneThatIsTakenBackMeanwhileStopsTheRest() {
        run(db.plan(TestDatabase.addOne()), OPTIONS);
        undo(1);

        var report = run(db.plan(TIER_FROM_N), OPTIONS);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(report.run().reason()).startsWith("after add_one, whose run 1 is ROLLED_BACK");
        assertThat(report.changed()).isZero();
    }

    @Test
    void aRangeThatTheOtherDoesNotReachWaitsForNothingAndThePlanSaysSo() {
        run(db.plan(TestDatabase.addOne().replace("end: 2024-01-01", "end: 2023-07-01")), OPTIONS);
        Plan plan = db.plan(TIER_FROM_N);

        assertThat(plan.notes())
                .contains("after add_one: a chunk waits until its runs have done the same range;"
                        + " the newest of all is 1 now. None reaches 2023-07 and 5 more, which wait for nothing.");
        assertThat(run(plan, OPTIONS).run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void aNewerRunOfAnotherRangeDoesNotHideTheOneThatIsNotDone() throws Exception {
        run(db.plan(TestDatabase.addOne().replace("end: 2024-01-01", "end: 2023-07-01")), new RunOptions(1, 3, "test"));
        run(db.plan(TestDatabase.addOne().replace("start: 2023-01-01", "start: 2023-07-01")), OPTIONS);

        var later = begin(db.plan(TIER_FROM_N));
        db.awaitNumber("SELECT count(*) FROM backhoe.chunk WHERE run_id = 3 AND state = 'success'", 9);
        assertThat(later).isNotDone();
        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(later.join().run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void aRangeThatTwoRunsHaveDoneTogetherIsDoneWhenBothHave() throws Exception {
        run(db.plan(addOne("2023-01-01", "2023-03-01")), new RunOptions(1, 1, "test"));
        // So many that nobody would look behind them.
        for (int day = 1; day < 10; day++) {
            run(db.plan(addOne("2023-03-0" + day, String.format(Locale.ROOT, "2023-03-%02d", day + 1))), OPTIONS);
        }
        run(db.plan(addOne("2023-03-10", "2024-01-01")), OPTIONS);

        var later = begin(db.plan(TIER_FROM_N.replace("chunk_by: month", "chunk_by: quarter")));
        db.awaitNumber("SELECT count(*) FROM backhoe.chunk WHERE run_id = 12 AND state = 'success'", 3);
        db.awaitNumber(
                "SELECT count(*) FROM backhoe.event WHERE run_id = 12 AND message ="
                        + " 'after: waits for add_one, whose run 1 is PAUSED and has not done the same range'",
                1);
        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(later.join().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertEachTierIsOfTheNewNumber();
    }

    @Test
    void whatARunHasHandedToAnotherIsDoneOnlyWhenThatHasDoneIt() throws Exception {
        db.sql("CREATE TABLE closed (month integer)");
        db.sql("INSERT INTO closed VALUES (3), (4)");
        db.sql("""
                CREATE FUNCTION fussy(i integer, at timestamptz) RETURNS integer STABLE LANGUAGE plpgsql AS $$
                BEGIN
                    IF date_part('month', at AT TIME ZONE 'UTC') IN (SELECT month FROM closed) THEN
                        RAISE EXCEPTION 'not in this month' USING ERRCODE = '42P17';
                    END IF;
                    RETURN i + 1;
                END $$""");
        var first = run(db.plan(TestDatabase.addOne().replace("n + 1", "fussy(n, order_date)")), OPTIONS);
        assertThat(first.run().state()).isEqualTo(RunState.PARTIAL);
        var rest = run(db.backhoe().planRest(1, PlanOptions.LOOK_ONLY), OPTIONS);
        assertThat(rest.run().id()).isEqualTo(2);
        db.sql("DELETE FROM closed");
        Plan plan = db.plan(TIER_FROM_N);

        var report = run(plan, OPTIONS);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(10);
        run(db.backhoe().planRest(2, PlanOptions.LOOK_ONLY), new RunOptions(1, 1, "test"));
        db.backhoe().cancel(4, "test");
        assertThat(resume(3).run().state()).isEqualTo(RunState.PAUSED);
        assertThat(db.number(
                        "SELECT count(*) FROM orders JOIN original o USING (id) WHERE o.tier IS NULL AND (orders.tier IS NULL)"
                                + " <> (date_part('month', o.order_date AT TIME ZONE 'UTC') = 4)"))
                .isZero();
        run(db.backhoe().planRest(4, PlanOptions.LOOK_ONLY), OPTIONS);
        assertThat(resume(3).run().state()).isEqualTo(RunState.SUCCEEDED);
        assertEachTierIsOfTheNewNumber();
    }

    @Test
    void whatANewerRunHasTakenBackIsAsTheOlderOneLeftIt() throws Exception {
        run(db.plan(TestDatabase.addOne()), OPTIONS);
        run(db.plan(addOne("2023-03-01", "2023-06-01")), OPTIONS);
        undo(2);

        assertThat(run(db.plan(TIER_FROM_N), OPTIONS).run().state()).isEqualTo(RunState.SUCCEEDED);
        assertEachTierIsOfTheNewNumber();
    }

    @Test
    void withoutRangesToCompareTheWholeOtherRunHasToHaveSucceeded() {
        run(db.plan(TestDatabase.addOne()), new RunOptions(1, 11, "test"));
        String byKey = TIER_FROM_N.replace("chunk_by: month", "chunk_by: key");
        Plan plan = db.plan(byKey);
        assertThat(plan.notes())
                .anySatisfy(note -> assertThat(note)
                        .contains("until its newest run, now 1, has SUCCEEDED and no other is under way"));
        var later = begin(plan);
        assertThat(later).isNotDone();
        db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(later.join().run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void oneThatWouldWaitForOneThatWaitsForItIsRefused() throws Exception {
        var first = begin(db.plan(TIER_FROM_N));
        db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE 'after: waits for %'", 1);
        Plan between = db.plan(TestDatabase.addOne().replace("name: add_one", "name: between\n  after: [tier_from_n]"));
        Plan plan = db.plan(TestDatabase.addOne().replace("name: add_one", "name: add_one\n  after: [tier_from_n]"));

        var refusal = catchThrowableOfType(BackhoeException.class, () -> run(plan, OPTIONS));

        assertThat(refusal.exit()).isEqualTo(ExitCode.CONFLICT);
        assertThat(refusal.code()).isEqualTo("after_cycle");
        assertThat(refusal.getMessage()).contains("add_one after tier_from_n after add_one");
        assertThat(db.number("SELECT count(*) FROM backhoe.run")).isEqualTo(1);
        assertThat(between.spec().after()).containsExactly("tier_from_n");
        db.backhoe().cancel(1, "test");
        first.join();
    }

    @Test
    void theExamplesRunOneAfterTheOther() throws Exception {
        db.sql("CREATE TABLE customers (id bigint PRIMARY KEY, lifetime_value numeric NOT NULL)");
        db.sql("INSERT INTO customers SELECT i, i * 100 FROM generate_series(1, 100) i");
        db.sql("DROP TABLE orders");
        db.sql("CREATE TABLE orders (id bigint PRIMARY KEY, order_date date NOT NULL, customer_id bigint NOT NULL,"
                + " customer_tier text, discount numeric)");
        db.sql("INSERT INTO orders SELECT i, date '2023-01-01' + i % 365, 1 + i % 100 FROM generate_series(1, 3000) i");
        db.sql("CREATE INDEX ON orders (order_date, id)");
        String before = db.digest("orders");
        var discounts = begin(db.plan(Files.readString(Path.of("..", "examples", "after", "discounts.yaml"))));
        db.awaitNumber(
                "SELECT count(*) FROM backhoe.event WHERE message LIKE 'after: waits for orders_tier_backfill%'", 1);

        var tiers = run(db.plan(Files.readString(Path.of("..", "examples", "orders_tier.yaml"))), OPTIONS);

        assertThat(tiers.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(discounts.join().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE discount IS NULL"))
                .isZero();
        undo(1);
        undo(2);
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    @Test
    void itsOwnNameAndANameGivenTwiceAreRefusedWhenTheFileIsRead() {
        var refusal = catchThrowableOfType(
                BackhoeException.class,
                () -> SpecFile.read(
                        TIER_FROM_N.replace("[add_one]", "[tier_from_n, a, a]"), "my.yaml", SpecOverrides.NONE));

        assertThat(refusal.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(refusal.getMessage())
                .contains(
                        "after[0]: is this backfill itself, which would wait for ever; name another",
                        "after[2]: 'a' was already given");
    }

    private static String addOne(String start, String end) {
        return TestDatabase.addOne()
                .replace("start: 2023-01-01", "start: " + start)
                .replace("end: 2024-01-01", "end: " + end);
    }

    private RunReport resume(long runId) {
        return db.backhoe().resume(runId, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private CompletableFuture<RunReport> begin(Plan plan) {
        return CompletableFuture.supplyAsync(() -> run(plan, OPTIONS));
    }

    private RunReport run(Plan plan, RunOptions options) {
        return db.backhoe().run(plan, options, new StopSignal(), RunListener.NONE);
    }

    private void undo(long runId) {
        var undone = db.backhoe().rollback(runId, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
    }
}
