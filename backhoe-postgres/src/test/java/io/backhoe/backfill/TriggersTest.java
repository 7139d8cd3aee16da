package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.check.Effort;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.run.batch.MeantRows;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.Cause;
import io.backhoe.value.CheckVerdict;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Triggers of the table that come between what a run means to write and what is written. */
class TriggersTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void aRowThatATriggerKeepsAsItIsIsSetAsideAndNamed(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(2_000);
            keepsSome(db, "OLD.id IN (7, 1001)");

            var report = run(db, TestDatabase.fillTier());

            assertThat(report.run().state()).isEqualTo(RunState.FAILED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.CHECK_FAILED.code());
            assertThat(report.run().reason())
                    .contains(
                            "2 rows set aside",
                            "verify_row_count_unchanged fails: a batch did not update exactly the rows that it was to:"
                                    + " rows of public.orders that the batch was to change: 1, written: 0. A trigger (keeps)",
                            "Leave such rows out with scope.where",
                            "In 2023-01, 2023-07");
            assertThat(db.one("SELECT string_agg(sqlstate || row_key, ' ' ORDER BY chunk) FROM backhoe.quarantine"))
                    .matches("BH002\\[.*,\"7\"] BH002\\[.*,\"1001\"]");
            assertThat(report.changed()).isEqualTo(1_958);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier IS NULL"))
                    .isEqualTo(2);

            db.sql("DROP TRIGGER keeps ON orders");
            db.backhoe().acceptDrift(report.run().id(), new Cause("test", "it was the trigger"));
            var again = db.backhoe().retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(again.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier IS NULL"))
                    .isZero();
        }
    }

    /** The server counts such rows as written: only the values tell. */
    @Test
    void aTriggerThatReturnsTheOldRowIsSeenByItsValues() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("CREATE FUNCTION olds() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN RETURN CASE WHEN OLD.id % 2 = 0 THEN OLD ELSE NEW END; END'");
            db.sql("CREATE TRIGGER olds BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION olds()");

            run(db, TestDatabase.fillTier());

            assertThat(db.backhoe()
                            .verify(1, "verify_values_match_expression", Effort.FULL)
                            .get(0)
                            .verdict())
                    .isEqualTo(CheckVerdict.FAILS);
            assertThat(db.backhoe()
                            .verify(1, "verify_no_nulls_in_tier", Effort.FULL)
                            .get(0)
                            .verdict())
                    .isEqualTo(CheckVerdict.FAILS);
        }
    }

    @Test
    void onlyTriggersThatSeeARowBeforeItIsWrittenAreCountedFor() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            db.sql("CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'");
            var plan = db.plan(TestDatabase.fillTier());
            try (var session = db.database().open("test", Map.of())) {
                assertThat(MeantRows.of(db.database(), plan, session)).isNull();
                db.sql("CREATE TRIGGER a AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION nothing()");
                db.sql("CREATE TRIGGER b BEFORE UPDATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION nothing()");
                db.sql("CREATE TRIGGER c BEFORE UPDATE OF n ON orders FOR EACH ROW EXECUTE FUNCTION nothing()");
                assertThat(MeantRows.of(db.database(), plan, session)).isNull();
                db.sql("CREATE TRIGGER d BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION nothing()");
                var meant = MeantRows.of(db.database(), plan, session);
                assertThat(meant).isNotNull();
                assertThat(meant.triggers()).containsExactly("d");
            }
        }
    }

    @Test
    void aTriggerThatKeepsManyRowsAsTheyArePausesTheRun() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            keepsSome(db, "OLD.n = 3");

            var report = run(db, TestDatabase.addOne());

            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
            assertThat(report.run().reason()).contains("more than the 10", "in chunk 2023-", "A trigger (keeps)");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n = id % 100 + 1"))
                    .isEqualTo(report.changed());
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRowThatSeveralRowsMatchIsMeantOnce(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(2_000);
            keepsSome(db, "false");
            db.sql("CREATE TABLE names (n integer, name text)");
            db.sql("INSERT INTO names SELECT i, 'same' FROM generate_series(0, 99) i");
            var plan = db.plan(TestDatabase.fillTier()
                    .replace("\"'t' || n\" }", "m.name }\n    from: names m\n    on: m.n = orders.n"));
            db.sql("INSERT INTO names SELECT n, name FROM names");

            var report = db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(1_960);
        }
    }

    @Test
    void whatATriggerInsertsIsNotBlamedOnOthers() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("""
                    CREATE FUNCTION copies() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN INSERT INTO orders SELECT NEW.id + 10000, NEW.order_date, NEW.n, 'copy' WHERE NEW.id = 1;
                    RETURN NULL; END $$""");
            db.sql("CREATE TRIGGER copies AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION copies()");

            var report = run(
                    db,
                    TestDatabase.fillTier()
                            .replace(
                                    "  strategy:",
                                    "  execution: { pre_checks: [capture_baseline_metrics], post_checks: [verify_row_counts] }\n  strategy:"));

            var answer = verify(db, report, "verify_row_count_unchanged");
            assertThat(answer.verdict()).isEqualTo(CheckVerdict.HOLDS);
            assertThat(answer.remark()).isEqualTo(CheckRecord.Remark.WARNING);
            assertThat(answer.evidence())
                    .endsWith("2,001 rows in scope, 2,000 rows before: by inserts and deletes, of others or of what the"
                            + " run's own writes set off (copies), in 2023-01 (+1)");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatATriggerMakesOfARestoredValueIsNotTakenForRestored(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(1_000);
            db.sql("""
                    CREATE FUNCTION never_null() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF OLD.id = 11 THEN RETURN NULL; END IF;
                        IF OLD.id IN (12, 13) THEN NEW.tier := 'never null'; END IF;
                        RETURN NEW;
                    END $$""");
            db.sql("CREATE TRIGGER never_null BEFORE UPDATE ON orders FOR EACH ROW"
                    + " WHEN (NEW.tier IS NULL) EXECUTE FUNCTION never_null()");
            db.sql("""
                    CREATE FUNCTION puts_back() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN UPDATE orders SET tier = OLD.tier WHERE id = NEW.id; RETURN NULL; END $$""");
            db.sql(
                    "CREATE CONSTRAINT TRIGGER puts_back AFTER UPDATE ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                            + " WHEN (NEW.tier IS NULL AND NEW.id = 14) EXECUTE FUNCTION puts_back()");
            var report = run(db, TestDatabase.fillTier());
            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            db.sql("UPDATE orders SET tier = 'live' WHERE id = 15");

            var undone = undo(db, report, OnConflict.SKIP);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(undone.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
            assertThat(undone.run().reason())
                    .isEqualTo(
                            "5 rows changed since and kept, or changed by a trigger (never_null, puts_back) when restored");
            assertThat(undone.restored()).isEqualTo(975);
            var found = new ArrayList<String>();
            db.backhoe()
                    .conflicts(
                            report.run().id(),
                            List.of(),
                            c -> found.add(c.key().values().get(0) + " "
                                    + c.values().get(0).present()));
            assertThat(found).containsExactly("11 t11", "12 never null", "13 never null", "14 t14", "15 live");

            var over = undo(db, report, OnConflict.OVERWRITE);
            assertThat(over.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(over.kept()).isEqualTo(4);
        }
    }

    private static void keepsSome(TestDatabase db, String condition) throws SQLException {
        db.sql("CREATE FUNCTION keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF " + condition
                + " THEN RETURN NULL; END IF; RETURN NEW; END $$");
        db.sql("CREATE TRIGGER keeps BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION keeps()");
    }

    private static RunReport run(TestDatabase db, String spec) {
        return db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static RunReport undo(TestDatabase db, RunReport report, OnConflict how) {
        return db.backhoe()
                .rollback(
                        report.run().id(),
                        new UndoOptions(List.of(), how),
                        OPTIONS,
                        new StopSignal(),
                        RunListener.NONE);
    }

    private static CheckRecord verify(TestDatabase db, RunReport report, String check) {
        return db.backhoe().verify(report.run().id(), check, Effort.FULL).get(0);
    }
}
