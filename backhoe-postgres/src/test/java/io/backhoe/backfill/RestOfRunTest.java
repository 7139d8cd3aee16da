package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.PlanOptions;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a run has left is done by one other run, once. */
class RestOfRunTest {
    private static final Cause TEST = new Cause("test", null);
    private static final String FUSSY = """
            CREATE OR REPLACE FUNCTION fussy(i integer, at timestamptz) RETURNS integer STABLE LANGUAGE plpgsql AS $$
            BEGIN
                IF date_part('month', at AT TIME ZONE 'UTC') = %d THEN
                    RAISE EXCEPTION 'not in this month' USING ERRCODE = '42P17';
                END IF;
                RETURN i + 1;
            END $$""";

    @Test
    void twoRestsOfARunAreNotBothRun() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            String before = db.digest("orders");
            long first = cancelledAfter(db, 3);
            var rest = rest(db, first);
            var same = rest(db, first);

            assertThat(run(db, rest).run().state()).isEqualTo(RunState.SUCCEEDED);

            refused(() -> run(db, same), "Run 2 has taken over");
            refused(() -> run(db, rest), "Run 2 has taken over");
            refused(() -> rest(db, first), "Run 2 has taken over");
            onceEach(db);
            assertThat(db.backhoe().report(first).chunks().get(11).reason()).isEqualTo("taken over by run 2");
            assertThat(db.one("SELECT message FROM backhoe.event WHERE run_id = 1 AND kind = 'taken_over'"))
                    .isEqualTo("9 chunks taken over by run 2");
            undo(db, 2);
            undo(db, first);
            assertThat(db.digest("orders")).isEqualTo(before);
            refused(() -> run(db, rest), "Run 2 has taken over");
        }
    }

    @Test
    void aFailedChunkThatAnotherRunHasDoneIsNotRetried() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long first = failedInMarch(db);
            var rest = rest(db, first);
            db.sql(FUSSY.formatted(0));
            assertThat(run(db, rest).run().state()).isEqualTo(RunState.SUCCEEDED);

            refused(
                    () -> db.backhoe().retry(first, OPTIONS, new StopSignal(), RunListener.NONE),
                    "Run 2 has taken over");

            onceEach(db);
            assertThat(db.backhoe().report(first).count(ChunkState.FAILED)).isZero();
        }
    }

    @Test
    void aRestWhoseChunksWereRetriedMeanwhileIsRefused() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long first = failedInMarch(db);
            var rest = rest(db, first);
            db.sql(FUSSY.formatted(0));
            var retried = db.backhoe().retry(first, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(retried.run().state()).isEqualTo(RunState.SUCCEEDED);

            refused(() -> run(db, rest), "2023-03");

            onceEach(db);
            assertThat(db.number("SELECT count(*) FROM backhoe.run")).isOne();
        }
    }

    @Test
    void whatWasTakenBackIsPlannedAnewOnce() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long first = cancelledAfter(db, 1);
            undo(db, first);

            var rest = rest(db, first);
            assertThat(rest.chunks()).hasSize(12);
            assertThat(run(db, rest).run().state()).isEqualTo(RunState.SUCCEEDED);
            undo(db, first);

            refused(() -> run(db, rest), "Run 2 has taken over");
            onceEach(db);
        }
    }

    @Test
    void theRunWhoseRestItIsBelongsToThePlan() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            var rest = rest(db, cancelledAfter(db, 3));

            assertThat(rest.restOf()).isOne();
            String edited = PlanFile.write(rest).replace("  rest_of: 1\n", "");
            assertThatThrownBy(() -> PlanFile.read(edited, "rest.plan.yaml"))
                    .hasMessageContaining("rest_of: was taken out");
        }
    }

    private static void refused(ThrowingCallable work, String said) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                .hasMessageContaining(said)
                .hasMessageContaining("Nothing was changed");
    }

    private static void onceEach(TestDatabase db) throws Exception {
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
    }

    private static long cancelledAfter(TestDatabase db, int chunks) {
        long id = db.backhoe()
                .run(
                        db.plan(TestDatabase.addOne()),
                        new RunOptions(1, chunks, "test"),
                        new StopSignal(),
                        RunListener.NONE)
                .run()
                .id();
        db.backhoe().cancel(id, TEST);
        return id;
    }

    private static long failedInMarch(TestDatabase db) throws Exception {
        db.sql(FUSSY.formatted(3));
        var failed = run(db, db.plan(TestDatabase.addOne().replace("n + 1", "fussy(n, order_date)")));
        assertThat(failed.count(ChunkState.FAILED)).isOne();
        return failed.run().id();
    }

    private static Plan rest(TestDatabase db, long id) {
        return PlanFile.read(PlanFile.write(db.backhoe().planRest(id, PlanOptions.LOOK_ONLY)), "rest.plan.yaml");
    }

    private static RunReport run(TestDatabase db, Plan plan) {
        return db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static void undo(TestDatabase db, long id) {
        db.backhoe().rollback(id, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }
}
