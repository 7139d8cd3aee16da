package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when rows, statements or tables are not as they should be. */
class TroubleTest {
    private static final String DIVIDE = TestDatabase.addOne().replace("n + 1", "n + 10 / divisor");

    @ParameterizedTest
    @EnumSource(Version.class)
    void threeBadRowsOfAHundredThousandAreSetAsideAndCanBeRetried(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(100_000);
            db.sql("ALTER TABLE orders ADD COLUMN divisor integer NOT NULL DEFAULT 1");
            db.sql("UPDATE orders SET divisor = 0 WHERE id IN (7, 50000, 99999)");

            var report = db.backhoe().run(db.plan(DIVIDE), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
            assertThat(report.quarantined()).isEqualTo(3);
            assertThat(report.changed()).isEqualTo(99_997);
            assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(12);
            assertThat(db.one("SELECT string_agg(row_key, ' ' ORDER BY quarantine_id) FROM backhoe.quarantine"))
                    .contains("\"7\"")
                    .contains("\"50000\"")
                    .contains("\"99999\"");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 10"))
                    .isEqualTo(3);

            db.sql("UPDATE orders SET divisor = 1 WHERE divisor = 0");
            var retried = db.backhoe().retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(retried.changed()).isEqualTo(100_000);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 10"))
                    .isZero();
        }
    }

    @Test
    void tooManyBadRowsPauseTheRun() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(20_000);
            db.sql("ALTER TABLE orders ADD COLUMN divisor integer NOT NULL DEFAULT 1");
            db.sql("UPDATE orders SET divisor = 0 WHERE id % 100 = 0");

            var report = db.backhoe().run(db.plan(DIVIDE), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
            assertThat(report.run().reason()).contains("more than the 10");
            assertThat(report.quarantined()).isBetween(11L, 12L);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n = id % 100 + 10"))
                    .isEqualTo(report.changed());
        }
    }

    @Test
    void aStatementThatCannotWorkFailsItsChunkAndTheThirdInARowPauses() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("CREATE FUNCTION plus(i integer) RETURNS integer STABLE LANGUAGE sql AS 'SELECT i + 1'");
            var plan = db.plan(TestDatabase.addOne().replace("n + 1", "plus(n)"));
            db.sql("""
                    CREATE OR REPLACE FUNCTION plus(i integer) RETURNS integer STABLE LANGUAGE plpgsql AS $$
                    BEGIN RAISE EXCEPTION 'plus is not what it was' USING ERRCODE = '42883'; END $$""");

            var report = db.backhoe().run(plan, new RunOptions(1, null, "test"), new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.PARTIAL.code());
            assertThat(report.count(ChunkState.FAILED)).isEqualTo(3);
            assertThat(report.chunks().get(0).error()).doesNotContain("plus").contains("42883");
            assertThat(db.one("SELECT detail FROM backhoe.attempt LIMIT 1")).contains("plus is not what it was");
            assertThat(report.changed()).isZero();

            db.sql("CREATE OR REPLACE FUNCTION plus(i integer) RETURNS integer STABLE LANGUAGE sql AS 'SELECT i + 1'");
            var retried = db.backhoe().retry(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }

    @Test
    void aFailedChunkDoesNotStopItsSiblings() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("""
                    CREATE FUNCTION fussy(i integer, at timestamptz) RETURNS integer STABLE LANGUAGE plpgsql AS $$
                    BEGIN
                        IF date_part('month', at AT TIME ZONE 'UTC') = 3 THEN
                            RAISE EXCEPTION 'not in March' USING ERRCODE = '42P17';
                        END IF;
                        RETURN i + 1;
                    END $$""");
            var plan = db.plan(TestDatabase.addOne().replace("n + 1", "fussy(n, order_date)"));

            var report = db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.PARTIAL);
            assertThat(report.count(ChunkState.FAILED)).isEqualTo(1);
            assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(11);
            assertThat(report.chunks().get(2).error()).contains("raised an error", "42P17");
            assertThat(db.one("SELECT detail FROM backhoe.attempt")).contains("not in March");
        }
    }

    @Test
    void anErrorThatIsNotClassifiedPausesTheRunAndLosesNothing() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(2_000);
            db.sql("""
                    CREATE FUNCTION odd(i integer) RETURNS integer STABLE LANGUAGE plpgsql AS $$
                    BEGIN
                        RAISE EXCEPTION 'never seen' USING ERRCODE = 'XX123';
                    END $$""");
            var plan = db.plan(TestDatabase.addOne().replace("n + 1", "odd(n)"));

            var report = db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.UNEXPECTED.code());
            assertThat(report.run().reason()).contains("not classified").contains("XX123");
            assertThat(db.one("SELECT min(detail) FROM backhoe.attempt")).contains("never seen");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isZero();
        }
    }

    @Test
    void aTableThatHasChangedSinceItWasPlannedForIsRefusedWithTheDifference() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            var plan = db.plan(TestDatabase.fillTier());
            db.sql("ALTER TABLE orders ADD COLUMN later text");

            assertThatThrownBy(() -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED);
                        assertThat(e).hasMessageContaining("+ column later text");
                    });
        }
    }

    @Test
    void anIndexThatIsBuiltAfterPlanningIsNoDrift() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            var plan = db.plan(TestDatabase.fillTier());
            db.sql("CREATE INDEX \"By Tier\" ON orders (tier)");

            var report = db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);

            db.sql("DROP INDEX orders_by_date");
            assertThatThrownBy(() -> db.backhoe().verify(plan)).hasMessageContaining("- index orders_by_date");
        }
    }

    @Test
    void aSecondRunOverTheSameColumnAndRangeIsRefusedWhileTheFirstHasNotEnded() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var plan = db.plan(TestDatabase.addOne());
            var first = db.backhoe().run(plan, new RunOptions(null, 3, "test"), new StopSignal(), RunListener.NONE);

            assertThat(first.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(first.count(ChunkState.SUCCESS)).isEqualTo(3);
            assertThat(first.run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
            assertThatThrownBy(() -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                    .hasMessageContaining("Run " + first.run().id());

            var resumed = db.backhoe().resume(first.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }
}
