package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.embedded.Version;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.MarkdownReport;
import io.backhoe.report.RunReport;
import io.backhoe.run.BatchOutcome;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.BackfillSpec;
import io.backhoe.spec.InvalidSpec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RowsInto;
import io.backhoe.value.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stretches of a table become what a query yields for them: daily totals of a shop's orders. */
class DerivedTablesTest {
    private static final String SPEC = """
            backfill:
              name: totals
              scope: { table: totals, date_column: day, date_range: { start: 2023-01-01, end: 2023-07-01 } }
              transform:
                query: SELECT day, customer, sum(amount) AS total, count(*) AS orders FROM sales GROUP BY day, customer
                into: replace
              strategy: { chunk_by: month, parallelism: 2 }
            """;

    private TestDatabase db;

    @BeforeEach
    void shop() throws SQLException {
        db = TestDatabase.create();
        build(db);
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    /** Totals of the whole year, of which some are wrong, some missing, and some of days that nobody bought on. */
    private static void build(TestDatabase db) throws SQLException {
        db.sql(
                "CREATE TABLE sales (id bigint PRIMARY KEY, day date NOT NULL, customer integer NOT NULL, amount numeric)");
        db.sql(
                "INSERT INTO sales SELECT i, date '2023-01-01' + i % 365, i % 11, i % 97 FROM generate_series(1, 20000) i");
        db.sql("CREATE INDEX ON sales (day)");
        db.sql("""
                CREATE TABLE totals (day date, customer integer, total numeric(12,2), orders bigint, note text,
                                     id bigserial, PRIMARY KEY (day, customer))""");
        db.sql(
                "INSERT INTO totals (day, customer, total, orders, note) SELECT day, customer, sum(amount), count(*), 'kept'"
                        + " FROM sales GROUP BY day, customer");
        db.sql("UPDATE totals SET total = total + 1 WHERE customer = 3");
        db.sql("DELETE FROM totals WHERE customer = 4");
        db.sql("INSERT INTO totals (day, customer, total, orders) SELECT date '2023-01-01' + i, 99, 1, 1"
                + " FROM generate_series(0, 364) i");
        db.sql("CREATE TABLE original AS TABLE totals");
        db.sql("ANALYZE");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void replacesWhatDiffersAndTakesItBack(Version version) throws Exception {
        try (var own = TestDatabase.on(version)) {
            build(own);
            String outside = outside(own);
            String same = versions(own);

            var report = run(own, SPEC);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(own.number(different("true"))).isZero();
            assertThat(outside(own)).isEqualTo(outside);
            assertThat(versions(own)).as("rows that were right already").isEqualTo(same);
            assertThat(own.number("SELECT count(*) FROM totals WHERE customer = 3 AND note = 'kept'"))
                    .as("columns that the query does not yield")
                    .isEqualTo(own.number("SELECT count(*) FROM original WHERE customer = 3"));
            assertThat(report.changed()).isEqualTo(own.number("SELECT count(*) FROM backhoe.before_image_1"));

            var undone = undo(own, report, OnConflict.SKIP);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.restored()).isEqualTo(report.changed());
            assertThat(own.digest("totals")).isEqualTo(own.digest("original"));
        }
    }

    @Test
    void upsertDeletesNothing() throws Exception {
        var report = run(db, SPEC.replace("into: replace", "into: upsert"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM totals WHERE customer = 99")).isEqualTo(365);
        assertThat(db.number(different("customer <> 99"))).isZero();
        undo(db, report, OnConflict.SKIP);
        assertThat(db.digest("totals")).isEqualTo(db.digest("original"));
    }

    @Test
    void nothingOutsideOfTheChunkIsTouchedWhateverTheQueryYields() throws Exception {
        db.sql("CREATE TABLE touched (day date)");
        db.sql("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO touched VALUES (coalesce(NEW.day, OLD.day)); RETURN coalesce(NEW, OLD); END $$");
        db.sql(
                "CREATE TRIGGER touch BEFORE INSERT OR UPDATE OR DELETE ON totals FOR EACH ROW EXECUTE FUNCTION touch()");
        // The query yields all of the year and knows nothing of chunks; the scope is March.
        var report = run(db, SPEC.replace("start: 2023-01-01, end: 2023-07-01", "start: 2023-03-01, end: 2023-04-01"));

        assertThat(report.changed()).isPositive();
        assertThat(db.one("SELECT min(day) || ' ' || max(day) FROM touched")).isEqualTo("2023-03-01 2023-03-31");
        undo(db, report, OnConflict.SKIP);
        assertThat(db.number("SELECT count(*) FROM touched WHERE day < '2023-03-01' OR day >= '2023-04-01'"))
                .isZero();
        assertThat(db.digest("totals")).isEqualTo(db.digest("original"));
    }

    @Test
    void whatSomebodyChangedSinceIsKept() throws Exception {
        var report = run(db, SPEC);
        db.sql("UPDATE totals SET total = -1 WHERE customer = 3 AND day = '2023-02-03'");
        db.sql("UPDATE totals SET note = 'mine' WHERE customer = 4 AND day < '2023-01-11'");
        db.sql("INSERT INTO totals VALUES ('2023-05-05', 99, 7, 7, 'mine')");
        long changed = db.number("SELECT count(*) FROM totals WHERE total = -1 OR note = 'mine'");

        var undone = undo(db, report, OnConflict.SKIP);

        assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
        assertThat(undone.kept()).isEqualTo(changed);
        assertThat(db.number("SELECT count(*) FROM totals WHERE total = -1 OR note = 'mine'"))
                .isEqualTo(changed);
        assertThat(db.backhoe().conflicts(report.run().id(), List.of(), c -> {}))
                .isEqualTo(changed);
        undo(db, report, OnConflict.OVERWRITE);
        assertThat(
                        db.one(
                                "SELECT md5(string_agg((t.day, customer, total, orders)::text, '|' ORDER BY day, customer)) FROM totals t"))
                .isEqualTo(
                        db.one(
                                "SELECT md5(string_agg((t.day, customer, total, orders)::text, '|' ORDER BY day, customer)) FROM original t"));
    }

    @Test
    void killedAndResumedItIsAsIfNothingHadHappened() throws Exception {
        db.sql("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.002);"
                + " RETURN coalesce(NEW, OLD); END $$");
        db.sql("CREATE TRIGGER slow BEFORE INSERT OR UPDATE OR DELETE ON totals FOR EACH ROW EXECUTE FUNCTION slow()");
        int inside = 0;
        for (int kill = 0; kill < 4; kill++) {
            try (var process = CrashProcess.ordered(db, kill == 0 ? GapScene.order(SPEC) : "resume 1")) {
                long before = kept();
                CrashScene.await(() -> !process.isAlive() || kept() > before, process.said());
                process.kill();
            }
            inside += db.number("SELECT count(*) FROM backhoe.chunk WHERE state IN ('pending', 'running')") > 0 ? 1 : 0;
        }
        db.sql(
                "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN coalesce(NEW, OLD); END $$");
        var report = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(inside).isPositive();
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number(different("true"))).isZero();
        undo(db, report, OnConflict.SKIP);
        assertThat(db.digest("totals")).isEqualTo(db.digest("original"));
    }

    private long kept() throws SQLException {
        return db.one("SELECT to_regclass('backhoe.before_image_1')") == null
                ? 0
                : db.number("SELECT count(*) FROM backhoe.before_image_1");
    }

    @Test
    void whoeverWritesMeanwhileLosesNothingThatTheQueryDoesNotYield() throws Exception {
        db.sql("CREATE TABLE written (n bigint)");
        var stop = new AtomicBoolean();
        var begun = new CountDownLatch(20);
        var thread = Executors.newSingleThreadExecutor();
        var application = thread.submit(() -> {
            try (var connection = db.connect();
                    var statement = connection.createStatement()) {
                for (int i = 0; !stop.get(); i++) {
                    statement.execute(
                            "UPDATE totals SET note = coalesce(note, '') || 'x' WHERE customer = 3 AND day = date '2023-01-01' + "
                                    + i % 181);
                    statement.execute("INSERT INTO written VALUES (1)");
                    begun.countDown();
                }
            }
            return null;
        });
        begun.await();

        var report = run(db, SPEC);
        stop.set(true);
        application.get();
        thread.shutdown();

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number(different("true"))).isZero();
        assertThat(db.number("SELECT sum(length(note) - 4) FROM totals WHERE customer = 3 AND note IS NOT NULL"))
                .isEqualTo(db.number("SELECT count(*) FROM written w"));
        undo(db, report, OnConflict.SKIP);
        assertThat(db.number("SELECT sum(length(note) - 4) FROM totals WHERE customer = 3 AND note IS NOT NULL"))
                .isEqualTo(db.number("SELECT count(*) FROM written w"));
    }

    @Test
    void aKeyThatTheQueryYieldsTwiceIsSetAside() throws Exception {
        db.sql("INSERT INTO sales VALUES (0, '2023-02-14', 5, NULL)");
        var report = run(
                db,
                SPEC.replace("FROM sales GROUP BY day, customer", "FROM sales GROUP BY day, customer, amount IS NULL"));

        assertThat(report.quarantined()).isEqualTo(1);
        assertThat(db.one("SELECT sqlstate FROM backhoe.quarantine")).isEqualTo("23505");
        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void theReportDoesNotTakeWhatWasDeletedForWhatWasMissing() throws Exception {
        // All that is missing is set aside, and as many others are deleted.
        db.sql("DELETE FROM totals WHERE customer = 99 OR customer = 4");
        db.sql("INSERT INTO totals (day, customer, total, orders) SELECT day, customer + 100, 1, 1 FROM sales"
                + " WHERE customer = 4 AND day < '2023-01-11' GROUP BY day, customer");
        db.sql("ALTER TABLE totals ADD CHECK (customer <> 4)");
        var report = run(
                db,
                SPEC.replace("FROM sales GROUP BY", "FROM sales WHERE customer <> 3 GROUP BY")
                        .replace("start: 2023-01-01, end: 2023-07-01", "start: 2023-01-01, end: 2023-01-11"));

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.quarantined()).isEqualTo(10);
        assertThat(MarkdownReport.write(db.backhoe().account(report.run().id()), ""))
                .contains("before  1\n", "Missing or Different Before", "the check verify_no_gaps")
                .containsPattern("2023-01 \\| +100 \\| +10 \\| +20 \\| +10 \\|")
                .doesNotContain("Still Missing", "after   ", "Inserted");
    }

    @Test
    void theExampleComputesAndCanBeTakenBack() throws Exception {
        db.sql("CREATE SCHEMA shop");
        db.sql(
                "CREATE TABLE shop.orders (id bigint PRIMARY KEY, ordered_at timestamptz NOT NULL, customer_id bigint, amount numeric)");
        db.sql("INSERT INTO shop.orders SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '9 hours', i % 7, i"
                + " FROM generate_series(1, 900) i");
        db.sql("CREATE TABLE shop.daily_totals (day date PRIMARY KEY, orders bigint, revenue numeric)");
        db.sql("INSERT INTO shop.daily_totals VALUES ('2023-02-02', 0, 0), ('2022-12-31', 1, 1)");

        var report = run(db, Files.readString(Path.of("..", "examples", "derived", "daily_totals.yaml")));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT sum(orders) FROM shop.daily_totals WHERE day >= '2023-01-01'"))
                .isEqualTo(900);
        undo(db, report, OnConflict.SKIP);
        assertThat(db.one("SELECT string_agg(t::text, ' ' ORDER BY day) FROM shop.daily_totals t"))
                .isEqualTo("(2022-12-31,1,1) (2023-02-02,0,0)");
    }

    @Test
    void isWrittenInCodeAsInAFile() {
        var read = SpecFile.read(SPEC, "test.yaml", SpecOverrides.NONE).spec();
        var written = BackfillSpec.named("totals")
                .table("totals")
                .dates("day", LocalDate.of(2023, 1, 1), LocalDate.of(2023, 7, 1))
                .derive(
                        "SELECT day, customer, sum(amount) AS total, count(*) AS orders FROM sales GROUP BY day, customer",
                        RowsInto.REPLACE)
                .build();
        var gaps = BackfillSpec.named("gaps")
                .table("totals")
                .dates("day", LocalDate.of(2023, 1, 1), LocalDate.of(2023, 7, 1))
                .fillGaps("SELECT day, customer FROM sales", "day", "customer")
                .build();

        assertThat(written).isEqualTo(read);
        assertThat(gaps.strategy().type()).isEqualTo("gap_fill");
        assertThat(gaps.requiredTransform().source()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            into: replace                | into: renew                               | replace, upsert
            into: replace                | columns: [day, customer, total]           | needs transform.into: replace or upsert
            parallelism: 2               | preserve_existing: true                   | does not go with transform.into
            strategy: { chunk_by: month  | rollback: { strategy: none }\\n  strategy: { chunk_by: month | strategy: none does not go with transform.into
            strategy: { chunk_by: month  | strategy: { type: gap_fill                | does not go with strategy.type: gap_fill
            """)
    void whatDoesNotGoTogetherIsAProblemOfTheFile(String part, String other, String said) {
        var problems =
                catchThrowableOfType(InvalidSpec.class, () -> db.plan(SPEC.replace(part, other.replace("\\n", "\n"))));

        assertThat(problems).hasMessageContaining(said);
    }

    @Test
    void whatCannotBeDoneSafelyIsRefusedWhenItIsPlanned() throws Exception {
        String byDay = SPEC.replace("into: replace", "into: replace\n    key: [day, orders]");
        assertThat(catchThrowableOfType(BackhoeException.class, () -> db.plan(byDay))
                        .code())
                .isEqualTo("key_not_unique");
        assertThat(refusal(SPEC.replace("into: replace", "into: replace\n    key: [id]")
                        .replace("AS orders FROM", "AS orders, min(id) AS id FROM")))
                .isEqualTo("key_without_date");
        db.sql("CREATE UNIQUE INDEX by_orders ON totals (day, orders, total, customer)");
        assertThat(refusal(SPEC)).isEqualTo("other_unique_index");
        db.sql("DROP INDEX by_orders");
        var before = db.plan(SPEC);
        db.sql("CREATE TABLE remarks (day date, customer integer,"
                + " FOREIGN KEY (day, customer) REFERENCES totals ON DELETE CASCADE)");
        assertThat(catchThrowableOfType(BackhoeException.class, () -> db.plan(SPEC))
                        .code())
                .isEqualTo("replace_would_cascade");
        assertThat(catchThrowableOfType(
                                BackhoeException.class,
                                () -> db.backhoe().run(before, OPTIONS, new StopSignal(), RunListener.NONE))
                        .code())
                .as("a foreign key made since")
                .isEqualTo("replace_would_cascade");
        assertThat(db.plan(SPEC.replace("into: replace", "into: upsert")).chunks())
                .hasSize(6);
    }

    private String refusal(String spec) {
        return catchThrowableOfType(BackhoeException.class, () -> db.plan(spec)).code();
    }

    /** A batch that waits for a table which is loaded anew has a snapshot in which that table is empty. */
    @Test
    void aSourceThatIsLoadedAnewMeanwhileEmptiesNothing() throws Exception {
        var loading = Executors.newSingleThreadExecutor();
        var first = new AtomicBoolean(true);
        var loaded = new AtomicReference<Future<Boolean>>();
        var listener = new RunListener() {
            @Override
            public void batch(BatchOutcome batch) {
                if (first.compareAndSet(true, false)) {
                    var emptied = new CompletableFuture<Boolean>();
                    loaded.set(loading.submit(() -> loadAnew(emptied)));
                    emptied.join();
                }
            }
        };

        var report = db.backhoe().run(db.plan(SPEC), OPTIONS, new StopSignal(), listener);
        assertThat(loaded.get().get()).isTrue();
        loading.shutdown();

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number(different("true"))).isZero();
    }

    /** Commits when somebody waits for it. */
    private boolean loadAnew(CompletableFuture<Boolean> emptied) throws SQLException {
        try (var connection = db.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE again AS TABLE sales");
            statement.execute("TRUNCATE sales");
            statement.execute("INSERT INTO sales TABLE again");
            emptied.complete(true);
            statement.execute("""
                    DO $$ BEGIN
                      WHILE NOT EXISTS (SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                                        WHERE c.relname = 'sales' AND NOT l.granted) LOOP
                        PERFORM pg_sleep(0.01);
                      END LOOP;
                    END $$""");
            connection.commit();
            return true;
        }
    }

    private static String different(String which) {
        return """
                SELECT count(*)
                FROM (SELECT day, customer, sum(amount) AS total, count(*) AS orders FROM sales GROUP BY day, customer) s
                FULL JOIN (SELECT * FROM totals WHERE %s) t USING (day, customer)
                WHERE day >= '2023-01-01' AND day < '2023-07-01'
                  AND (s.total IS DISTINCT FROM t.total OR s.orders IS DISTINCT FROM t.orders)""".formatted(which);
    }

    private static String outside(TestDatabase db) throws SQLException {
        return db.one(
                "SELECT md5(string_agg(t::text || xmin::text, '|' ORDER BY id)) FROM totals t WHERE day >= '2023-07-01'");
    }

    private static String versions(TestDatabase db) throws SQLException {
        return db.one(
                "SELECT md5(string_agg(xmin::text || ctid::text, ',' ORDER BY id)) FROM totals WHERE customer IN (1, 2, 5)");
    }

    private static RunReport run(TestDatabase db, String spec) {
        var plan = PlanFile.read(PlanFile.write(db.plan(spec)), "plan.yaml");
        return db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static RunReport undo(TestDatabase db, RunReport report, OnConflict onConflict) {
        return db.backhoe()
                .rollback(
                        report.run().id(),
                        new UndoOptions(List.of(), onConflict),
                        OPTIONS,
                        new StopSignal(),
                        RunListener.NONE);
    }
}
