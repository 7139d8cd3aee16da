package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.spec.ChunkBy;
import io.backhoe.transform.InputRow;
import io.backhoe.transform.RowResult;
import io.backhoe.transform.RowTransform;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.net.URI;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A function in Java that is given rows, and whose results are written by the statements of the plan. */
class RowTransformTest {
    private static final int ROWS = 5_000;

    private TestDatabase db;

    /** A row at a time, which is how most are written. */
    interface EachRow {
        RowResult apply(InputRow row) throws Exception;
    }

    private record Named(String name, EachRow each) implements RowTransform {
        @Override
        public List<RowResult> apply(List<InputRow> rows) throws Exception {
            var results = new ArrayList<RowResult>();
            for (InputRow row : rows) {
                results.add(each.apply(row));
            }
            return results;
        }
    }

    /** For the processes that are killed, too. */
    static Backhoe withAddOne(Backhoe backhoe) {
        return backhoe.withRowTransform(new Named("add_one_to_rows", row -> RowResult.set("n", number(row) + 1)));
    }

    private static int number(InputRow row) {
        return (Integer) Objects.requireNonNull(row.get("n"));
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

    private static BackfillSpec spec(String... columns) {
        return BackfillSpec.named("by_rows")
                .table("orders")
                .dates("order_date", LocalDate.of(2023, 1, 1), LocalDate.of(2024, 1, 1))
                .rowTransform("f", List.of("n"), columns);
    }

    private RunReport run(EachRow each, BackfillSpec spec) {
        return run(new Named("f", each), spec);
    }

    private RunReport run(RowTransform transform, BackfillSpec spec) {
        var backhoe = db.backhoe().withRowTransform(transform);
        Plan plan = backhoe.plan(spec.build());
        return backhoe.run(PlanFile.read(PlanFile.write(plan), "plan"), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private RunReport rollback(RunReport report) {
        return db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void killedAgainAndAgainItIsAppliedOnceToEachRowAndTakenBackToTheByte(Version version) throws Exception {
        long seed = Long.getLong("backhoe.crash.seed", System.nanoTime());
        System.out.println("RowTransformTest on " + version + ": -Dbackhoe.crash.seed=" + seed);
        try (var crashes = TestDatabase.on(version)) {
            var scene = new CrashScene(crashes, 40_000, 2).givingRowsTo("add_one_to_rows");
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

    @ParameterizedTest
    @EnumSource(Version.class)
    void severalColumnsAreSetOrLeftRowByRowAndWhatIsThereStays(Version version) throws Exception {
        try (var old = TestDatabase.on(version)) {
            old.orders(ROWS);
            old.sql("ALTER TABLE orders ADD COLUMN rank integer");
            String before = old.digest("orders");
            var backhoe = old.backhoe().withRowTransform(new Named("f", row -> switch (number(row) % 3) {
                case 0 -> RowResult.leave();
                case 1 -> RowResult.set("rank", number(row));
                default -> RowResult.set("rank", number(row)).and("tier", "t\t" + number(row) + "\\");
            }));
            var plan = backhoe.plan(spec("tier", "rank").where("id > 100").build());

            var report = backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(old.number("SELECT count(*) FROM orders WHERE rank IS DISTINCT FROM"
                            + " CASE WHEN id > 100 AND n % 3 > 0 THEN n END"))
                    .isZero();
            assertThat(old.number("SELECT count(*) FROM orders WHERE tier IS DISTINCT FROM CASE WHEN id % 50 = 0 THEN"
                            + " 'kept' WHEN id > 100 AND n % 3 = 2 THEN E't\\t' || n || E'\\\\' END"))
                    .isZero();
            assertThat(report.changed()).isEqualTo(old.number("SELECT count(*) FROM orders WHERE rank IS NOT NULL"));
            backhoe.rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(old.digest("orders")).isEqualTo(before);
        }
    }

    @Test
    void aLiveWriteBetweenReadingAndWritingIsNotOverwrittenAndItsRowIsComputedAnew() throws Exception {
        var once = new AtomicBoolean();
        Set<Integer> seen = ConcurrentHashMap.newKeySet();

        var report = run(
                row -> {
                    if (!once.getAndSet(true)) {
                        try (var live = db.connect();
                                var statement = live.createStatement()) {
                            statement.execute("UPDATE orders SET n = 1000 WHERE id <= 40");
                            statement.execute("UPDATE orders SET tier = 'live' WHERE id BETWEEN 41 AND 45");
                        }
                    }
                    seen.add(number(row));
                    return RowResult.set("tier", "n" + number(row));
                },
                spec("tier").parallelism(1));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(seen).contains(1000);
        assertThat(db.number("SELECT count(*) FROM orders WHERE id <= 40 AND tier = 'n1000'"))
                .isEqualTo(40);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'live'")).isEqualTo(5);
        assertThat(db.number("SELECT count(*) FROM backhoe.attempt WHERE sqlstate = '40001'"))
                .isPositive();
        db.sql("UPDATE orders SET tier = 'since' WHERE id IN (7, 8)");
        assertThat(rollback(report).kept()).isEqualTo(2);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier LIKE 'n%'"))
                .isZero();
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier IN ('live', 'since')"))
                .isEqualTo(7);
    }

    @Test
    void aRowThatItThrowsForIsSetAsideWithoutAWordOfItsMessageAndTheRestIsDone() throws Exception {
        var mended = new AtomicBoolean();
        EachRow each = row -> {
            if (!mended.get() && row.key().get("id").equals(77L)) {
                throw new IllegalStateException("card 4111 1111");
            }
            return RowResult.set("n", number(row) + 1);
        };

        var report = run(each, spec("n").preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.changed()).isEqualTo(ROWS - 1);
        assertThat(db.number("SELECT n FROM orders WHERE id = 77")).isEqualTo(77);
        assertThat(db.one("SELECT row_key || message FROM backhoe.quarantine"))
                .contains("77", "the row function 'f' threw java.lang.IllegalStateException at io.backhoe.backfill")
                .doesNotContain("4111");
        mended.set(true);
        var retried = db.backhoe()
                .withRowTransform(new Named("f", each))
                .retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT n FROM orders WHERE id = 77")).isEqualTo(78);
    }

    @Test
    void aValueThatTheColumnDoesNotTakeSetsItsRowAside() throws Exception {
        var report = run(
                row -> RowResult.set("n", row.key().get("id").equals(5L) ? "five" : 0),
                spec("n").preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> 0")).isEqualTo(1);
        assertThat(db.one("SELECT sqlstate FROM backhoe.quarantine")).isEqualTo("22P02");
    }

    @Test
    void halfOfASurrogatePairSetsItsRowAside() throws Exception {
        String smile = "\ud83d\ude00";
        var report = run(
                row -> RowResult.set(
                        "tier",
                        switch (((Long) Objects.requireNonNull(row.get("id"))).intValue()) {
                            case 5 -> "a" + smile.charAt(0);
                            case 6 -> smile.charAt(1) + "b";
                            default -> smile;
                        }),
                spec("tier").preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier = U&'\\+01F600'"))
                .isEqualTo(ROWS - 2);
        assertThat(db.one("SELECT string_agg(row_key || ' ' || sqlstate || ' ' || message, ' ' ORDER BY row_key)"
                        + " FROM backhoe.quarantine"))
                .contains(
                        "\"5\"", "\"6\"", "22021", "sets column 'tier' to a text that holds half of a surrogate pair");
    }

    @Test
    void aValueWhoseTypeHasASyntaxOfItsOwnSetsItsRowAsideAndTheServersWordsStayInTheLedger() throws Exception {
        db.sql("ALTER TABLE orders ADD COLUMN query tsquery, ADD COLUMN source regclass");
        var report = run(
                row -> {
                    long id = (Long) Objects.requireNonNull(row.get("id"));
                    return RowResult.set("query", id == 5 ? "card 4111" : "a & b")
                            .and("source", id == 6 ? "no_such_4111" : "pg_class");
                },
                spec("query", "source"));

        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.changed()).isEqualTo(ROWS - 2);
        assertThat(report.count(ChunkState.FAILED)).isZero();
        assertThat(db.one("SELECT string_agg(row_key || ' ' || message, ' ' ORDER BY row_key) FROM backhoe.quarantine"))
                .contains("\"5\"", "SQLSTATE 42601", "\"6\"", "SQLSTATE 42P01")
                .doesNotContain("4111");
        assertThat(db.number("SELECT count(*) FROM backhoe.quarantine WHERE detail LIKE '%4111%'"))
                .isEqualTo(2);
        assertThat(db.number("SELECT count(*) FROM backhoe.event WHERE message LIKE '%4111%'"))
                .isZero();
    }

    @Test
    void whatItMustNotDoFailsTheChunkAndChangesNothing() throws Exception {
        String before = db.digest("orders");

        failed(run(row -> RowResult.set("id", 1), spec("n").preserveExisting(false)), "sets the column 'id'");
        failed(
                run(
                        row -> RowResult.set("tier", URI.create("a:b")),
                        spec("tier").where("id > 0")),
                "sets column 'tier' to a java.net.URI, which has no form in SQL");
        failed(
                run(
                        new RowTransform() {
                            @Override
                            public String name() {
                                return "f";
                            }

                            @Override
                            public List<RowResult> apply(List<InputRow> rows) {
                                return List.of();
                            }
                        },
                        spec("tier").where("id > 1")),
                "answered 0 results for");
        failed(
                run(
                        row -> {
                            throw new NoClassDefFoundError("org/elsewhere/Library");
                        },
                        spec("tier").where("id > 2")),
                "threw java.lang.NoClassDefFoundError");
        assertThat(db.digest("orders")).isEqualTo(before);
    }

    private void failed(RunReport report, String why) {
        assertThat(report.count(ChunkState.FAILED)).isPositive();
        assertThat(report.count(ChunkState.SUCCESS)).isZero();
        assertThat(report.chunks())
                .anySatisfy(c -> assertThat(String.valueOf(c.error())).contains(why));
        db.backhoe().cancel(report.run().id(), "the test");
    }

    @Test
    void aTriggerThatKeepsARowIsSeen() throws Exception {
        db.sql("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN IF OLD.id = 9 THEN RETURN NULL; END IF; RETURN NEW; END'");
        db.sql("CREATE TRIGGER keep BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keep()");

        var report = run(row -> RowResult.set("n", 0), spec("n").preserveExisting(false));

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.changed()).isEqualTo(ROWS - 1);
        assertThat(db.one("SELECT message FROM backhoe.quarantine")).contains("a trigger keeps rows as they are");
        db.sql("DROP TRIGGER keep ON orders");
        assertThat(db.backhoe().acceptDrift(report.run().id(), new Cause("test", "the trigger is gone")))
                .isNotEmpty();
        var retried = db.backhoe()
                .withRowTransform(new Named("f", row -> RowResult.set("n", 0)))
                .retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void aStopEndsOneThatGoesOn() throws Exception {
        String before = db.digest("orders");
        var stop = new StopSignal();
        var backhoe = db.backhoe().withRowTransform(new Named("f", row -> {
            stop.request("the test");
            new CountDownLatch(1).await();
            return RowResult.leave();
        }));

        var report = backhoe.run(backhoe.plan(spec("tier").build()), OPTIONS, stop, RunListener.NONE);

        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
        assertThat(db.digest("orders")).isEqualTo(before);
        var resumed = db.backhoe()
                .withRowTransform(new Named("f", row -> RowResult.set("tier", "x")))
                .resume(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void aPartitionAndAStretchOfKeysAreChunksAsAnyOther() throws Exception {
        db.sql("ALTER TABLE orders RENAME TO flat");
        db.sql(
                "CREATE TABLE orders (id bigint, order_date timestamptz, n integer, tier text, PRIMARY KEY (id, order_date))"
                        + " PARTITION BY RANGE (order_date)");
        db.sql("CREATE TABLE h1 PARTITION OF orders FOR VALUES FROM ('2023-01-01') TO ('2023-07-01')");
        db.sql("CREATE TABLE h2 PARTITION OF orders FOR VALUES FROM ('2023-07-01') TO ('2024-01-03')");
        db.sql("INSERT INTO orders SELECT * FROM flat");
        db.sql("ANALYZE orders");
        String before = db.digest("orders");

        var report = run(
                row -> RowResult.set("tier", row.text("order_date")),
                spec("tier").chunkBy(ChunkBy.PARTITION).rowTransform("f", List.of("order_date", "n"), "tier"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number(
                        "SELECT count(*) FROM orders WHERE tier <> 'kept' AND CAST(tier AS timestamptz) = order_date"))
                .isEqualTo(ROWS - ROWS / 50);
        rollback(report);
        assertThat(db.digest("orders")).isEqualTo(before);
        var byKey = run(
                row -> RowResult.set("tier", "k"),
                spec("tier").chunkBy(ChunkBy.KEY).chunkRows(1_000));
        assertThat(byKey.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE tier IS NULL")).isZero();
    }

    @Test
    void whatIsMissingOrMisspeltIsToldBeforeAnythingIsWritten() {
        var missing = refused(() -> db.backhoe().plan(spec("tier").build()));
        assertThat(missing.code()).isEqualTo("plugin_missing");
        assertThat(missing.exit()).isEqualTo(ExitCode.REFUSED);

        var backhoe = db.backhoe().withRowTransform(new Named("f", row -> RowResult.leave()));
        var column = refused(() -> backhoe.plan(
                spec("tier").rowTransform("f", List.of("m"), "tier").build()));
        assertThat(column.code()).isEqualTo("column_not_found");
        var twice = refused(() -> backhoe.withRowTransform(new Named("f", row -> RowResult.leave())));
        assertThat(twice.code()).isEqualTo("plugin_name_twice");

        var plan = backhoe.plan(spec("tier").build());
        assertThat(plan.notes())
                .anySatisfy(note -> assertThat(note).startsWith("The work is the row function 'f', which is given n"));
        assertThat(plan.explain()).containsKey("write");
        assertThat(refused(() -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE))
                        .code())
                .isEqualTo("plugin_missing");
        assertThat(db.backhoe().hasLedger()).isFalse();
    }

    private static BackhoeException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(BackhoeException.class, call));
    }
}
