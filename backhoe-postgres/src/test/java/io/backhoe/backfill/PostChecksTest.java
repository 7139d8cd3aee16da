package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.check.Effort;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.CheckVerdict;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked after a run: that it holds, that it fails, that it could not tell. */
class PostChecksTest {
    private TestDatabase db;

    @BeforeEach
    void aTable() throws SQLException {
        db = TestDatabase.create();
        db.orders(2_000);
        db.sql("ALTER TABLE orders ADD note text NOT NULL DEFAULT 'x', ADD updated_at timestamptz");
    }

    @AfterEach
    void drop() throws SQLException {
        db.close();
    }

    @Test
    void aRunThatListsNothingIsAskedWhatCostsNothing() {
        var report = run(TestDatabase.fillTier());

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(report.checks())
                .extracting(c ->
                        c.phase().word() + " " + c.name() + " " + c.verdict().word())
                .containsExactly(
                        "pre verify_target_column_exists holds",
                        "pre verify_permissions holds",
                        "pre verify_no_concurrent_backfills holds",
                        "post verify_all_chunks_succeeded holds",
                        "post verify_row_count_unchanged holds");
        assertThat(said(report, "verify_all_chunks_succeeded"))
                .isEqualTo("12 chunks done, 1,960 rows changed, none set aside");
        assertThat(said(report, "verify_row_count_unchanged"))
                .startsWith("each batch updated exactly the rows that it kept");
    }

    @Test
    void rowsWithoutAValueAreNamedByTheirPeriods() {
        var report = run(filling(
                "CASE WHEN n = 7 AND order_date < '2023-02-10' THEN NULL ELSE 't' END", "verify_no_nulls_in_tier"));

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.run().exitCode()).isEqualTo(ExitCode.CHECK_FAILED.code());
        assertThat(report.run().reason())
                .isEqualTo(
                        "verify_no_nulls_in_tier fails: 3 rows without a value in tier (the expression yields NULL for 3"
                                + " rows), in 2023-01 (2 rows), 2023-02 (1 row)");
    }

    @Test
    void rowsWithoutAMatchAreNamedAsSuch() throws SQLException {
        db.sql("CREATE TABLE names (n integer PRIMARY KEY, name text)");
        db.sql("INSERT INTO names SELECT i, CASE WHEN i <> 3 THEN 'name ' || i END FROM generate_series(1, 99) i");

        var report = run(filling("m.name", "verify_no_nulls_in_tier")
                .replace("  execution:", "    from: names m\n    on: m.n = orders.n\n  execution:"));

        // n = 0 has no name, but each fiftieth row has a value of its own; n = 3 has one that is NULL.
        assertThat(said(report, "verify_no_nulls_in_tier"))
                .startsWith("20 rows without a value in tier (the expression yields NULL for 20 rows), in 2023-01");
        db.sql("DELETE FROM names WHERE n = 5");
        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(verify(report, null).get(0).evidence()).contains("20 rows without a value");
        db.sql("UPDATE orders SET tier = NULL WHERE n = 5");
        assertThat(verify(report, null).get(0).evidence())
                .contains(
                        "40 rows without a value in tier (20 rows without a match in what is joined; the expression yields"
                                + " NULL for 20 rows)");
    }

    @Test
    void aColumnWithoutNullsHoldsAndOneThatIsGoneCouldNotBeTold() throws SQLException {
        var report = run(filling("'t'", "verify_no_nulls_in_tier"));
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(said(report, "verify_no_nulls_in_tier")).isEqualTo("no row of 12 chunks lacks a value in tier");

        db.sql("ALTER TABLE orders RENAME TO gone");

        var answer = verify(report, null).get(0);
        assertThat(answer.verdict()).isEqualTo(CheckVerdict.COULD_NOT_TELL);
        assertThat(answer.evidence()).contains("orders");
        assertThat(answer.holds()).isFalse();
    }

    @Test
    void aQueryOfOnesOwnHoldsFailsOrCannotTell() {
        String spec = filling("'t'", """
                {name: kept, query: "SELECT count(*) FROM orders WHERE tier = 'kept'", expect: 40}
                      - {name: none left, query: SELECT id FROM orders WHERE tier IS NULL, expect: empty}
                      - {name: some left, query: SELECT id FROM orders, expect: empty}
                      - {name: too many, query: "SELECT id, n FROM orders", expect: 1}
                      - {name: slow, query: SELECT 1 FROM pg_sleep(30), expect: 1, timeout: 200ms}
                      - {name: writes, query: "SELECT setval('s', 9)", expect: 9}
                      - {name: wrong, query: SELECT 41 + 1, expect: 41}
                      - {name: with text, query: WITH a AS (SELECT 'x' AS b) SELECT b FROM a, expect: x}""");
        sql("CREATE SEQUENCE s");

        var report = run(spec);

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.checks().stream().filter(c -> c.phase() == CheckRecord.Phase.POST))
                .extracting(c -> c.name() + " " + c.verdict().word() + ": " + c.evidence())
                .satisfiesExactly(
                        c -> assertThat(c).isEqualTo("kept holds: it answers 40, as expected"),
                        c -> assertThat(c).isEqualTo("none left holds: it finds no row, as expected"),
                        c -> assertThat(c).isEqualTo("some left fails: it finds rows, and was expected to find none"),
                        c -> assertThat(c)
                                .isEqualTo("too many could_not_tell: it answers several rows of 2 columns; one value is"
                                        + " expected (or expect: empty)"),
                        c -> assertThat(c).startsWith("slow could_not_tell: it took longer than it may"),
                        c -> assertThat(c).startsWith("writes could_not_tell: ").contains("read-only transaction"),
                        c -> assertThat(c).isEqualTo("wrong fails: it answers 42, and 41 was expected"),
                        c -> assertThat(c).isEqualTo("with text holds: it answers x, as expected"));
        assertThat(report.run().reason()).contains("some left fails", "slow could not tell", "wrong fails");
    }

    @Test
    void aTriggerThatChangesAnotherColumnIsCaughtByNameAndNothingIsLeftOfIt() throws SQLException {
        bumpsUpdatedAt();
        String before = db.digest("orders");

        var report = run(filling("'t'", "verify_untouched_columns_unchanged"));

        assertThat(db.digest("orders")).isEqualTo(before);
        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.run().exitCode()).isEqualTo(ExitCode.CHECK_FAILED.code());
        assertThat(report.run().reason())
                .contains("chunks failed", "chunks not begun or not ended", "the batch also changed updated_at");
        assertThat(report.chunks().get(0).error())
                .isEqualTo(
                        "verify_untouched_columns_unchanged: the batch also changed updated_at, which it does not set: a"
                                + " trigger does that. The batch was rolled back.");
        db.sql("DROP TRIGGER bump ON orders");
        db.backhoe().acceptDrift(report.run().id(), new Cause("test", "it was the trigger"));
        assertThat(db.backhoe()
                        .retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE)
                        .run()
                        .state())
                .isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void aColumnThatMayChangeIsNotComparedAndTheOthersAre() throws SQLException {
        bumpsUpdatedAt();

        var report = run(filling("'t'", "{name: verify_untouched_columns_unchanged, except: updated_at, full: true}"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(said(report, "verify_untouched_columns_unchanged"))
                .isEqualTo("id, order_date, n, note the same before and after, in each batch");
    }

    @Test
    void aTriggerInOneChunkOnlyIsReportedWithThatChunk() throws SQLException {
        db.sql("""
                CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.note := NEW.note || 'y'; RETURN NEW; END $$""");
        db.sql("CREATE TRIGGER bump BEFORE UPDATE ON orders FOR EACH ROW"
                + " WHEN (NEW.order_date >= '2023-03-05' AND NEW.order_date < '2023-03-20') EXECUTE FUNCTION bump()");

        var report = run(filling("'t'", "verify_untouched_columns_unchanged"));

        assertThat(said(report, "verify_untouched_columns_unchanged"))
                .isEqualTo(
                        "the batch also changed note, which it does not set: a trigger does that. The batch was rolled back."
                                + " In 2023-03");
        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.run().exitCode()).isEqualTo(ExitCode.CHECK_FAILED.code());
        assertThat(report.run().reason())
                .startsWith("1 chunk failed; verify_untouched_columns_unchanged fails: the batch also changed note")
                .endsWith("In 2023-03");
        db.sql("DROP TRIGGER bump ON orders");
        db.backhoe().acceptDrift(report.run().id(), new Cause("test", "it was the trigger"));
        var again = db.backhoe().retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(again.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void chunksThatFailedAreAPartialRunWhereNoOtherCheckMinds() {
        sql("ALTER TABLE orders ADD CHECK (tier <> 'bad' OR order_date < '2023-03-05')");

        var report = run(filling(
                "CASE WHEN order_date BETWEEN '2023-03-06' AND '2023-03-07' THEN 'bad' ELSE 'good' END",
                "verify_all_chunks_succeeded"));

        assertThat(said(report, "verify_all_chunks_succeeded")).contains("set aside: 2023-03 (");
        assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
        assertThat(report.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
    }

    @Test
    void whatWasWrittenIsComputedAnewAlsoWhereItReadsItself() {
        var report = run(
                TestDatabase.addOne()
                        .replace(
                                "  strategy:",
                                "  execution: { post_checks: [{name: verify_values_match_expression, sample: 100 %}] }\n  strategy:"));

        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(said(report, "verify_values_match_expression"))
                .isEqualTo("2,000 rows computed anew (all of what was written), each as the expression yields it");
    }

    @Test
    void whatOthersChangedSinceIsCountedApartAndWhatTheExpressionDoesNotYieldFails() throws SQLException {
        db.sql("CREATE TABLE names (n integer PRIMARY KEY, name text)");
        db.sql("INSERT INTO names SELECT i, 'name ' || i FROM generate_series(0, 99) i");
        var report = run(filling("m.name", "verify_values_match_expression")
                .replace("  execution:", "    from: names m\n    on: m.n = orders.n\n  execution:"));
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        db.sql("UPDATE orders SET tier = 'other' WHERE n = 2");

        assertThat(verify(report, null).get(0).evidence())
                .isEqualTo(
                        "1,940 rows computed anew (all of what was written), each as the expression yields it; 20 rows"
                                + " changed by others since");

        db.sql("UPDATE names SET name = 'new' WHERE n = 3");
        db.sql("DELETE FROM names WHERE n = 4");
        var answer = verify(report, null).get(0);
        assertThat(answer.verdict()).isEqualTo(CheckVerdict.FAILS);
        assertThat(answer.evidence())
                .startsWith(
                        "1,920 rows computed anew (all of what was written): 20 rows were written as something else than"
                                + " the expression yields now, in 2023-01 (2 rows), 2023-02 (")
                .endsWith("; 20 rows changed by others since; 20 rows without a match in what is joined by now");
    }

    @Test
    void withoutBeforeImagesNobodyKnowsWhatTheRunWrote() {
        var report = run(filling("'t'", "verify_values_match_expression")
                .replace("  strategy:", "  rollback: {strategy: none}\n  strategy:"));

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(said(report, "verify_values_match_expression")).contains("nobody knows which rows the run wrote");
    }

    @Test
    void rowsThatOthersInsertedAndDeletedAreCounted() throws SQLException {
        var report = run(
                TestDatabase.fillTier()
                        .replace(
                                "  strategy:",
                                "  execution: { pre_checks: [capture_baseline_metrics], post_checks: [verify_row_counts] }\n  strategy:"));
        assertThat(said(report, "verify_row_count_unchanged")).endsWith("2,000 rows in scope, as before in each chunk");

        db.sql("DELETE FROM orders WHERE id <= 2");
        db.sql("INSERT INTO orders (id, order_date, n) VALUES (9001, '2023-05-05', 1), (9002, '2023-05-06', 1),"
                + " (9003, '2023-05-07', 1)");

        var answer = verify(report, null).get(0);
        assertThat(answer.holds()).isTrue();
        assertThat(answer.remark()).isEqualTo(CheckRecord.Remark.WARNING);
        assertThat(answer.evidence())
                .endsWith(
                        "2,001 rows in scope, 2,000 rows before: by others' inserts and deletes, in 2023-01 (-2), 2023-05"
                                + " (+3)");
    }

    @Test
    void aDistributionIsComparedWithTheNewestFilledRows() throws SQLException {
        String spec = filling(
                        "CASE WHEN n < 25 THEN 'a' ELSE 'b' END",
                        "{name: compare_distribution_to_recent, fail_at: 0.5}")
                .replace("end: 2024-01-01", "end: 2023-07-01");
        var nothing = run(spec.replace("fill_tier", "first"));
        // Each fiftieth row has a value already: that is too little to tell.
        assertThat(said(nothing, "compare_distribution_to_recent"))
                .startsWith(
                        "not applicable: too little to compare with the newest filled rows outside of the scope. tier:"
                                + " not applicable, ")
                .endsWith(" rows written and 20 such values are too few (100 of each)");
        db.sql("UPDATE orders SET tier = CASE WHEN n < 25 THEN 'a' ELSE 'b' END WHERE order_date >= '2023-07-01'");

        var alike = verify(nothing, null).get(0);
        assertThat(alike.verdict()).isEqualTo(CheckVerdict.HOLDS);
        assertThat(alike.remark()).isNull();
        assertThat(alike.evidence())
                .startsWith("compared with the newest filled rows outside of the scope. tier: PSI 0.00");

        db.sql("UPDATE orders SET tier = 'c' WHERE order_date >= '2023-07-01'");
        var other = verify(nothing, null).get(0);
        assertThat(other.verdict()).isEqualTo(CheckVerdict.FAILS);
        assertThat(other.evidence()).endsWith("From 0.5 on it fails");

        db.sql("DELETE FROM orders WHERE order_date >= '2023-07-01'");
        var none = verify(nothing, null).get(0);
        assertThat(none.remark()).isEqualTo(CheckRecord.Remark.NOT_APPLICABLE);
        assertThat(none.evidence()).startsWith("not applicable: too little to compare with the newest");
    }

    @Test
    void rowsThatNobodyHasFilledAreNotWhatTheRunIsComparedWith() throws SQLException {
        String sound = "CASE WHEN n = 0 THEN 'a' ELSE 'b' END";
        db.sql(
                "INSERT INTO orders SELECT 10000 + i, timestamptz '2023-07-01 00:00+00' + i * interval '1 minute', i % 100,"
                        + " NULL FROM generate_series(1, 20000) i");
        db.sql("UPDATE orders SET n = id / 3 % 4");
        db.sql("UPDATE orders SET tier = CASE WHEN id % 100 = 50 AND order_date >= '2023-07-01' THEN " + sound
                + " END");
        db.sql("ANALYZE orders");

        var report = run(filling(sound, "{name: compare_distribution_to_recent, fail_at: 0.1}")
                .replace("end: 2024-01-01", "end: 2023-07-01"));

        assertThat(said(report, "compare_distribution_to_recent"))
                .contains("tier: PSI 0.0", ", nulls 0 % beside 0 % (distinct values 2 beside 2, ");
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void oneCheckMayBeAskedByItsNameAndAnUnknownOneIsRefused() {
        var report = run(TestDatabase.fillTier());

        assertThat(verify(report, "no_nulls_in_tier"))
                .extracting(c -> c.name() + " " + c.verdict().word())
                .containsExactly("verify_no_nulls_in_tier holds");
        assertThatThrownBy(() -> verify(report, "verify_all"))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("check_unknown"))
                .hasMessageContaining("verify_all");
        db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThatThrownBy(() -> verify(report, null))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT));
    }

    @Test
    void aRunThatIsPausedIsAskedAndThatSomebodyAskedIsAnEvent() throws SQLException {
        var report = db.backhoe()
                .run(
                        db.plan(filling("'t'", "verify_no_nulls_in_tier")),
                        new RunOptions(1, 2, "test"),
                        new StopSignal(),
                        RunListener.NONE);
        long run = report.run().id();
        assertThat(report.run().state()).isEqualTo(RunState.PAUSED);

        var answer = db.backhoe()
                .verify(run, "verify_no_nulls_in_tier", Effort.FULL, new Cause("bob", "is it right so far?"))
                .get(0);

        assertThat(answer.verdict()).isEqualTo(CheckVerdict.FAILS);
        assertThat(answer.evidence()).contains("2023-03").doesNotContain("2023-02");
        assertThat(db.one("SELECT concat_ws(', ', kind, message, who, why, was) FROM backhoe.event"
                        + " WHERE kind = 'command' ORDER BY event_id DESC LIMIT 1"))
                .isEqualTo("command, verify --check verify_no_nulls_in_tier, bob, is it right so far?, PAUSED");
        assertThat(db.backhoe().report(run).run().state()).isEqualTo(RunState.PAUSED);

        db.backhoe().rollback(run, List.of(), new RunOptions(1, 1, "test"), new StopSignal(), RunListener.NONE);
        assertThatThrownBy(() -> verify(report, null))
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.code()).isEqualTo("wrong_state"));
    }

    @Test
    void aFailedRunIsAskedAgainOnceItIsMended() throws SQLException {
        var report = run(filling("CASE WHEN n = 7 THEN NULL ELSE 't' END", "verify_no_nulls_in_tier"));
        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        db.sql("UPDATE orders SET tier = 'by hand' WHERE tier IS NULL");

        var again = db.backhoe().retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);

        assertThat(again.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    private void bumpsUpdatedAt() throws SQLException {
        db.sql("""
                CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$""");
        db.sql("CREATE TRIGGER bump BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION bump()");
    }

    private static String filling(String expression, String check) {
        return TestDatabase.fillTier()
                .replace("\"'t' || n\"", "\"" + expression + "\"")
                .replace("  strategy:", "  execution:\n    post_checks:\n      - " + check + "\n  strategy:");
    }

    private void sql(String sql) {
        try {
            db.sql(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private RunReport run(String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private List<CheckRecord> verify(RunReport report, String check) {
        return db.backhoe().verify(report.run().id(), check, Effort.FULL);
    }

    private static String said(RunReport report, String check) {
        return report.checks().stream()
                .filter(c -> c.name().equals(check))
                .map(CheckRecord::evidence)
                .findFirst()
                .orElseThrow();
    }
}
