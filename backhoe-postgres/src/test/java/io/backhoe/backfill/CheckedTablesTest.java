package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.check.Effort;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.CheckVerdict;
import io.backhoe.value.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Post-checks of runs that are not of one plain table, one sample and one sort of column. */
class CheckedTablesTest {
    private static final String ALL = """
            [verify_all_chunks_succeeded, verify_row_count_unchanged, verify_no_nulls_in_tier,
             {name: verify_untouched_columns_unchanged, full: true}, {name: verify_values_match_expression, sample: 100 %},
             {name: compare_distribution_to_recent, against: baseline}]""";

    @ParameterizedTest
    @ValueSource(strings = {"month", "partition"})
    void allHoldOnAPartitionedTable(String unit) throws Exception {
        try (var db = partitioned()) {
            var report =
                    run(db, checking(TestDatabase.fillTier(), ALL).replace("chunk_by: month", "chunk_by: " + unit));

            assertThat(report.checks()).hasSize(7).allMatch(CheckRecord::holds);
            assertThat(said(report, "verify_untouched_columns_unchanged").evidence())
                    .startsWith("id, order_date, n the same before and after, in each batch");
            assertThat(said(report, "verify_values_match_expression").evidence())
                    .isEqualTo("1,960 rows computed anew (all of what was written), each as the expression yields it");

            db.sql("UPDATE orders SET tier = NULL WHERE id IN (1, 2, 1999)");
            var nulls = db.backhoe()
                    .verify(1, "verify_no_nulls_in_tier", Effort.FULL)
                    .get(0);
            String first = unit.equals("month") ? "2023-01 (2 rows)" : "orders_h1 (2 rows)";
            assertThat(nulls.evidence())
                    .startsWith("3 rows without a value in tier")
                    .contains(first);
        }
    }

    @Test
    void aTriggerOnOnePartitionIsCaught() throws Exception {
        try (var db = partitioned()) {
            db.sql("CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$"
                    + " BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$");
            db.sql("CREATE TRIGGER bump BEFORE UPDATE ON orders_h2 FOR EACH ROW EXECUTE FUNCTION bump()");

            var report = run(
                    db,
                    checking(TestDatabase.fillTier().replace("'t' || n", "'t'"), ALL)
                            .replace("chunk_by: month", "chunk_by: partition"));

            assertThat(report.run().state()).isEqualTo(RunState.FAILED);
            assertThat(said(report, "verify_untouched_columns_unchanged").evidence())
                    .startsWith("the batch also changed n, which it does not set")
                    .contains("orders_h2");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatIsGeneratedFromASetColumnIsGeneratedAnew(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(2_000);
            db.sql("ALTER TABLE orders ADD doubled integer GENERATED ALWAYS AS (n * 2) STORED,"
                    + " ADD \"Label\" text GENERATED ALWAYS AS (tier || '!') STORED, ADD last integer DEFAULT 7,"
                    + " ADD rounded numeric(10,1) GENERATED ALWAYS AS (n * 1.23) STORED");

            var report = run(
                    db,
                    checking(
                            TestDatabase.addOne().replace("\"n + 1\"", "\"doubled + CAST(rounded * 10 AS integer)\""),
                            "[{name: verify_values_match_expression, sample: 100 %}]"));

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(said(report, "verify_values_match_expression").evidence())
                    .isEqualTo("2,000 rows computed anew (all of what was written), each as the expression yields it");
            db.sql("UPDATE backhoe.before_image_1 SET old_1 = old_1 + 1 WHERE key_1 = 5");
            assertThat(db.backhoe()
                            .verify(1, "verify_values_match_expression", Effort.FULL)
                            .get(0)
                            .verdict())
                    .isEqualTo(CheckVerdict.FAILS);
        }
    }

    private static TestDatabase partitioned() throws Exception {
        var db = TestDatabase.create();
        db.orders(2_000);
        db.sql("ALTER TABLE orders RENAME TO plain");
        db.sql("DROP INDEX orders_by_date");
        db.sql("CREATE TABLE orders (id bigint, order_date timestamptz NOT NULL, n integer NOT NULL, tier text,"
                + " PRIMARY KEY (id, order_date)) PARTITION BY RANGE (order_date)");
        db.sql("CREATE TABLE orders_h1 PARTITION OF orders FOR VALUES FROM (MINVALUE) TO ('2023-07-01')");
        db.sql("CREATE TABLE orders_h2 PARTITION OF orders FOR VALUES FROM ('2023-07-01') TO (MAXVALUE)");
        db.sql("INSERT INTO orders SELECT * FROM plain");
        db.sql("CREATE INDEX ON orders (order_date, id)");
        db.sql("ANALYZE orders");
        return db;
    }

    @Test
    void numbersAreComparedByTheirDistribution() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("ALTER TABLE orders ADD score integer");
            // What is filled is n, 0 to 99; what the application writes is n, and later n + 50: half of it lies above.
            db.sql("UPDATE orders SET score = n WHERE order_date >= '2023-07-01'");
            String spec = checking(
                            TestDatabase.fillTier().replace("tier: \"'t' || n\"", "score: \"n\""),
                            "[{name: compare_distribution_to_recent, fail_at: 0.4}]")
                    .replace("end: 2024-01-01", "end: 2023-07-01");

            var alike = said(run(db, spec), "compare_distribution_to_recent");
            assertThat(alike.holds()).isTrue();
            assertThat(alike.evidence()).contains("score: KS 0.0");

            db.sql("UPDATE orders SET score = n + 50 WHERE order_date >= '2023-07-01'");
            var moved = db.backhoe().verify(1, null, Effort.FULL).get(0);
            assertThat(moved.verdict()).isEqualTo(CheckVerdict.FAILS);
            assertThat(moved.evidence()).contains("score: KS 0.5").endsWith("From 0.4 on it fails");
        }
    }

    @Test
    void whatIsWrittenIsComparedWithWhatWasThere() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("UPDATE orders SET tier = CASE WHEN n < 50 THEN 'a' ELSE 'b' END");
            String spec = checking(
                            TestDatabase.fillTier()
                                    .replace("parallelism: 2", "parallelism: 2, preserve_existing: false")
                                    .replace("'t' || n", "CASE WHEN n < 50 THEN 'b' ELSE 'c' END"),
                            "[{name: compare_distribution_to_recent, against: baseline, fail_at: 0.25}]")
                    .replace("execution: {", "execution: { pre_checks: [capture_baseline_metrics],");

            var report = run(db, spec);

            assertThat(report.run().state()).isEqualTo(RunState.FAILED);
            // a: (0 - 0.5) ln(0.0001 / 0.5), b: 0, c: the same the other way round.
            assertThat(said(report, "compare_distribution_to_recent").evidence())
                    .startsWith("compared with what was there before. tier: PSI 8.5")
                    .endsWith("From 0.25 on it fails");
        }
    }

    @Test
    void dataThatNobodyChangedIsAsItWasBefore() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(6_000);
            db.sql("ALTER TABLE orders ADD half integer, ADD many text, ADD day integer");
            // January has as many rows as the rest of the year together; many has 100 values, half of half is NULL.
            db.sql("INSERT INTO orders SELECT 10000 + i, timestamptz '2023-01-02 00:00+00' + i * interval '5 minutes',"
                    + " i % 100, NULL FROM generate_series(1, 5000) i");
            db.sql("UPDATE orders SET half = CASE WHEN id % 2 = 0 THEN n END, many = 'm' || n,"
                    + " day = extract(doy FROM order_date)");
            db.sql("ANALYZE orders");
            for (String column : List.of("half", "many", "day")) {
                for (String chunks : List.of("month", "year")) {
                    var report =
                            run(db, againstBaseline(column, column).replace("chunk_by: month", "chunk_by: " + chunks));

                    assertThat(said(report, "compare_distribution_to_recent").evidence())
                            .as(column + " by " + chunks)
                            .matches("compared with what was there before\\. " + column
                                    + ": (KS|PSI) 0\\.0+, nulls (\\d+) % beside \\2 % .*");
                }
            }
            var moved = run(db, againstBaseline("day", "day + 100"));
            assertThat(said(moved, "compare_distribution_to_recent").verdict()).isEqualTo(CheckVerdict.FAILS);
        }
    }

    private static String againstBaseline(String column, String expression) {
        return checking(
                        TestDatabase.fillTier()
                                .replace("parallelism: 2", "parallelism: 2, preserve_existing: false")
                                .replace("tier: \"'t' || n\"", column + ": \"" + expression + "\""),
                        "[{name: compare_distribution_to_recent, against: baseline, fail_at: 0.25}]")
                .replace("execution: {", "execution: { pre_checks: [capture_baseline_metrics],");
    }

    @Test
    void whatCannotBeReadCouldNotBeTold() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            run(
                    db,
                    checking(
                            TestDatabase.fillTier(),
                            "[verify_untouched_columns_unchanged, compare_distribution_to_recent]"));
            db.sql("ALTER TABLE backhoe.before_image_1 RENAME TO moved");

            var distribution = db.backhoe()
                    .verify(1, "compare_distribution_to_recent", Effort.FULL)
                    .get(0);
            assertThat(distribution.verdict()).isEqualTo(CheckVerdict.COULD_NOT_TELL);
            assertThat(distribution.evidence())
                    .isEqualTo("relation \"backhoe.before_image_1\" does not exist (SQLSTATE 42P01)");

            db.sql("ALTER TABLE orders RENAME TO gone");
            var untouched = db.backhoe()
                    .verify(1, "verify_untouched_columns_unchanged", Effort.FULL)
                    .get(0);
            assertThat(untouched.verdict()).isEqualTo(CheckVerdict.COULD_NOT_TELL);
            assertThat(untouched.holds()).isFalse();
            assertThat(untouched.evidence()).contains("orders");
        }
    }

    @Test
    void aRunBegunInFullComparesEachBatchAlsoWhenItIsResumed() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(12_000);
            // A batch in the middle of its chunk: one in twenty does not meet it.
            db.sql("CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$"
                    + " BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$");
            db.sql("CREATE TRIGGER bump BEFORE UPDATE ON orders FOR EACH ROW"
                    + " WHEN (NEW.order_date >= '2023-12-20') EXECUTE FUNCTION bump()");
            String spec = checking(
                            TestDatabase.fillTier().replace("'t' || n", "'t'"), "[verify_untouched_columns_unchanged]")
                    .replace("chunk_by: month, parallelism: 2", "chunk_by: year, parallelism: 1")
                    .replace(
                            "execution: {",
                            "execution: { chunks: [{ id: first, date_range: [2023-01-01, 2023-01-10] }],");

            var alone = new RunOptions(1, null, "test");
            var sampled = db.backhoe().run(db.plan(spec), alone, new StopSignal(), RunListener.NONE);
            assertThat(sampled.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(said(sampled, "verify_untouched_columns_unchanged").evidence())
                    .endsWith("in one batch of 20, the first of each stretch among them");
            db.backhoe().rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            var first = db.backhoe()
                    .run(db.plan(spec), new RunOptions(1, 1, "test").checkingAll(), new StopSignal(), RunListener.NONE);
            assertThat(first.run().state()).isEqualTo(RunState.PAUSED);
            var resumed = db.backhoe().resume(2, alone, new StopSignal(), RunListener.NONE);

            assertThat(resumed.run().state()).isEqualTo(RunState.FAILED);
            assertThat(said(resumed, "verify_untouched_columns_unchanged").evidence())
                    .startsWith("the batch also changed n,")
                    .contains(" In 2023");
        }
    }

    private static String checking(String spec, String checks) {
        String before = checks.contains("baseline") && checks.contains("verify_all")
                ? "pre_checks: [capture_baseline_metrics], "
                : "";
        return spec.replace("  strategy:", "  execution: { " + before + "post_checks: " + checks + " }\n  strategy:");
    }

    private static RunReport run(TestDatabase db, String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static CheckRecord said(RunReport report, String check) {
        return report.checks().stream()
                .filter(c -> c.name().equals(check))
                .findFirst()
                .orElseThrow();
    }
}
