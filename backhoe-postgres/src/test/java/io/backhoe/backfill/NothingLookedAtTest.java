package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.check.Effort;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.CheckVerdict;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that has looked at nothing does not hold, and none looks past what happens late. */
class NothingLookedAtTest {
    private final TestDatabase db;

    NothingLookedAtTest() throws SQLException {
        this.db = TestDatabase.create();
    }

    @BeforeEach
    void orders() throws SQLException {
        db.orders(2_000);
    }

    @AfterEach
    void close() throws Exception {
        db.close();
    }

    @Test
    void batchesThatWereNotAskedToCompareHaveNotCompared() throws SQLException {
        bumps("CREATE TRIGGER bump BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION bump()");
        var report = run(TestDatabase.fillTier().replace("'t' || n", "'t'"));
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);

        var answer = verify(report, "verify_untouched_columns_unchanged");

        assertThat(answer.verdict()).isEqualTo(CheckVerdict.COULD_NOT_TELL);
        assertThat(answer.evidence()).startsWith("no batch of the run has compared anything");
    }

    @Test
    void aTriggerThatWaitsForTheCommitIsCaught() throws SQLException {
        db.sql("""
                CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN UPDATE orders SET n = n + 1 WHERE id = NEW.id; RETURN NULL; END $$""");
        db.sql("CREATE CONSTRAINT TRIGGER late AFTER UPDATE OF tier ON orders DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION late()");

        var report = run(checking("{name: verify_untouched_columns_unchanged, full: true}"));

        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.run().reason()).contains("the batch also changed n, which it does not set");
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100")).isZero();
    }

    @Test
    void rowsThatAreGoneWereNotComparedAndAreCounted() throws SQLException {
        var report = run(checking("verify_values_match_expression"));
        db.sql("DELETE FROM orders WHERE id > 1");

        var one = verify(report, "verify_values_match_expression");
        db.sql("DELETE FROM orders");
        var none = verify(report, "verify_values_match_expression");

        assertThat(one.holds()).isTrue();
        assertThat(one.evidence())
                .startsWith("1 row computed anew")
                .contains("rows that were written are not there any more");
        assertThat(none.verdict()).isEqualTo(CheckVerdict.COULD_NOT_TELL);
        assertThat(none.evidence()).contains("that were written can be compared any more");
    }

    @Test
    void anAnswerThatIsNoNumberIsNotShown() throws SQLException {
        var report = run(
                checking("{name: colours, query: \"SELECT E'\\\\x1b[31mred\\\\nrun=1' || chr(155)\", expect: plain}"));
        var yes = run(
                TestDatabase.fillTier()
                        .replace("fill_tier", "again")
                        .replace(
                                "  strategy:",
                                "  execution:\n    post_checks:\n      - {name: yes, query: SELECT true, expect: true}\n  strategy:"));

        assertThat(report.run().reason())
                .contains(
                        "it answers a text of 15 characters, which is not shown as it may be of a row, and plain was expected");
        assertThat(yes.run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void batchesWhoseRowsWereAllSetAsideHaveNotCompared() {
        var report = run(checking("verify_untouched_columns_unchanged")
                .replace("'t'", "CAST(1 / (n - n) AS text)")
                .replace("start: 2023-01-01, end: 2024-01-01", "start: 2023-01-02, end: 2023-01-03"));

        assertThat(report.quarantined()).isPositive();
        var answer = verify(report, "verify_untouched_columns_unchanged");
        assertThat(answer.verdict()).isEqualTo(CheckVerdict.COULD_NOT_TELL);
        assertThat(answer.evidence())
                .startsWith("no batch has compared anything")
                .endsWith("and set aside");
    }

    @Test
    void rowsThatAreGoneAreCountedInASampleToo() throws SQLException {
        manyOrders();
        var report = run(checking("verify_values_match_expression"));
        db.sql("DELETE FROM orders WHERE id % 2 = 0");

        var answer = db.backhoe()
                .verify(report.run().id(), "verify_values_match_expression", new Effort(0.02))
                .get(0);

        assertThat(answer.holds()).isTrue();
        assertThat(answer.evidence()).contains("(sampled ", "rows that were written are not there any more");
    }

    @Test
    void theFirstBatchOfAPartThatWasSplitOffIsCompared() throws SQLException {
        manyOrders();
        db.sql("CREATE TABLE zone (behind bigint)");
        db.sql("""
                CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF EXISTS (SELECT FROM zone WHERE NEW.id > behind AND NEW.id <= behind + 20) THEN
                        NEW.n := NEW.n + 1;
                    END IF;
                    RETURN NEW;
                END $$""");
        db.sql("CREATE TRIGGER bump BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION bump()");
        var plan = db.plan(checking("verify_untouched_columns_unchanged").replace("chunk_by: month", "chunk_by: year"));

        var report = db.backhoe().run(plan, OPTIONS, new StopSignal(), new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                if (kind.equals("split")) {
                    behindTheSplit();
                }
            }
        });

        assertThat(db.number("SELECT count(*) FROM zone")).isPositive();
        assertThat(report.run().state()).isEqualTo(RunState.FAILED);
        assertThat(report.run().reason()).contains("the batch also changed n, which it does not set");
    }

    private void behindTheSplit() {
        try {
            db.sql("INSERT INTO zone SELECT CAST(CAST(position AS jsonb) ->> 1 AS bigint) FROM backhoe.segment"
                    + " ORDER BY segment DESC LIMIT 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void manyOrders() throws SQLException {
        db.sql("INSERT INTO orders SELECT i, timestamptz '2023-01-01 00:00+00' + i * interval '1 year' / 50001, i % 100"
                + " FROM generate_series(10001, 50000) i");
        db.sql("ANALYZE orders");
    }

    private void bumps(String trigger) throws SQLException {
        db.sql("CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$");
        db.sql(trigger);
    }

    private static String checking(String check) {
        return TestDatabase.fillTier()
                .replace("'t' || n", "'t'")
                .replace("  strategy:", "  execution:\n    post_checks:\n      - " + check + "\n  strategy:");
    }

    private RunReport run(String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private CheckRecord verify(RunReport report, String check) {
        return db.backhoe().verify(report.run().id(), check, Effort.FULL).get(0);
    }
}
