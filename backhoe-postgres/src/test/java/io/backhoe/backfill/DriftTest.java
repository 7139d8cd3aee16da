package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.PlanOptions;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Drift;
import io.backhoe.plan.PlanFile;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table changes while a run goes on, or while it waits. */
class DriftTest {
    private static final Cause TEST = new Cause("test", "it is meant to be so");

    @Test
    void aRunPausesWithTheDifferenceAndGoesOnWhenThatIsAccepted() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);

            var paused = changedInTheMiddle(db, "ALTER TABLE orders ADD COLUMN extra text", Duration.ofSeconds(11));

            assertThat(paused.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(paused.run().exitCode()).isEqualTo(ExitCode.DRIFTED.code());
            assertThat(paused.run().reason()).contains("+ column extra text", "in the middle of the run");
            long id = paused.run().id();
            assertThatThrownBy(() -> resume(db, id))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED);
                        assertThat(e.hint())
                                .contains(
                                        "--accept-drift",
                                        "backhoe cancel " + id,
                                        "rollback",
                                        "backhoe plan --rest-of " + id);
                    })
                    .hasMessageContaining("+ column extra text");

            assertThat(db.backhoe().acceptDrift(id, TEST)).containsExactly("+ column extra text");
            assertThat(resume(db, id).run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
            assertThat(db.one(
                            "SELECT why || ': ' || became FROM backhoe.event WHERE message = 'resume --accept-drift'"))
                    .isEqualTo("it is meant to be so: + column extra text");
        }
    }

    @Test
    void whatIsAcceptedIsNotAskedAboutAgainAndWhatComesLaterIs() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long id = waiting(db);
            db.sql("ALTER TABLE orders ADD COLUMN extra text");
            db.backhoe().acceptDrift(id, TEST);
            assertThat(db.backhoe().acceptDrift(id, TEST)).isEmpty();
            db.sql("ALTER TABLE orders ADD COLUMN more text");

            assertThatThrownBy(() -> resume(db, id))
                    .hasMessageContaining("+ column more text")
                    .hasMessageNotContaining("extra");
        }
    }

    @Test
    void aStatementThatTheServerRefusesBecauseOfItPausesToo() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);

            var paused = changedInTheMiddle(db, "ALTER TABLE orders DROP COLUMN n", Duration.ZERO);

            assertThat(paused.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(paused.run().exitCode()).isEqualTo(ExitCode.DRIFTED.code());
            assertThat(paused.run().reason()).contains("- column n integer");
            assertThat(paused.count(io.backhoe.value.ChunkState.FAILED)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE orders DROP COLUMN n",
                "ALTER TABLE orders ALTER COLUMN n TYPE bigint",
                "ALTER TABLE orders RENAME COLUMN n TO m",
                "ALTER TABLE orders DROP CONSTRAINT orders_pkey",
                "DROP INDEX orders_by_date",
                "ALTER TABLE orders ALTER COLUMN order_date TYPE timestamp",
            })
    void aChangeThatMakesThePlansSqlWrongIsNotAccepted(String change) throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            long id = waiting(db);
            db.sql(change);

            assertThatThrownBy(() -> db.backhoe().acceptDrift(id, TEST))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.DRIFTED);
                        assertThat(e.code()).isEqualTo("drift_not_acceptable");
                    })
                    .hasMessageContaining("Nothing was changed");
            assertThatThrownBy(() -> resume(db, id)).isInstanceOf(BackhoeException.class);
        }
    }

    @Test
    void aColumnThatOnlyTheExpressionUsesIsMissedToo() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD COLUMN step integer NOT NULL DEFAULT 1");
            long id = waiting(db, TestDatabase.addOne().replace("n + 1", "n + step"));
            db.sql("ALTER TABLE orders DROP COLUMN step");

            assertThatThrownBy(() -> db.backhoe().acceptDrift(id, TEST))
                    .hasMessageContaining("step")
                    .isInstanceOf(BackhoeException.class);
        }
    }

    @Test
    void theRestIsPlannedAnewRunAndBothAreTakenBack() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            String before = db.digest("orders");
            var paused =
                    changedInTheMiddle(db, "ALTER TABLE orders ALTER COLUMN n TYPE bigint", Duration.ofSeconds(11));
            long id = paused.run().id();
            assertThat(paused.run().exitCode()).isEqualTo(ExitCode.DRIFTED.code());
            assertThat(Drift.waysOn(id, "")).contains("backhoe cancel 1, then backhoe plan --rest-of 1;");
            assertThatThrownBy(() -> db.backhoe().planRest(id, PlanOptions.LOOK_ONLY))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.code()).isEqualTo("wrong_state");
                        assertThat(e.hint()).isEqualTo("backhoe cancel 1");
                    });

            db.backhoe().cancel(id, TEST);
            var rest =
                    PlanFile.read(PlanFile.write(db.backhoe().planRest(id, PlanOptions.LOOK_ONLY)), "rest.plan.yaml");
            assertThat(rest.chunks()).hasSizeBetween(1, 11);
            var second = db.backhoe().run(rest, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(second.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
            assertThatThrownBy(() -> db.backhoe().planRest(second.run().id(), PlanOptions.LOOK_ONLY))
                    .isInstanceOf(BackhoeException.class);
            assertThat(undo(db, second.run().id()).run().state()).isEqualTo(RunState.ROLLED_BACK);
            db.sql("ALTER TABLE orders ALTER COLUMN n TYPE integer");
            assertThat(undo(db, id).run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @Test
    void aChunkThatIsBegunIsTakenBackBeforeItIsPlannedAgain() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(12_000);
            String before = db.digest("orders");
            var stop = new StopSignal();
            String spec =
                    TestDatabase.addOne().replace("chunk_by: month, parallelism: 2", "chunk_by: year, parallelism: 1");
            var plan = db.plan(spec);
            long id = 1;
            try (var other = db.connect();
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT FROM orders WHERE id = 11000 FOR UPDATE");
                var run = CompletableFuture.supplyAsync(
                        () -> db.backhoe().run(plan, new RunOptions(1, null, "test"), stop, RunListener.NONE));
                db.awaitNumber("SELECT count(*) FROM backhoe.segment WHERE changed > 0", 1);
                stop.request("the test");
                assertThat(run.get().run().state()).isEqualTo(RunState.PAUSED);
            }
            db.backhoe().cancel(id, TEST);

            assertThatThrownBy(() -> db.backhoe().planRest(id, PlanOptions.LOOK_ONLY))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.code()).isEqualTo("chunks_begun");
                        assertThat(e.hint()).startsWith("backhoe rollback 1 --chunk 2023 takes back these chunks");
                    });

            undo(db, id);
            assertThat(db.digest("orders")).isEqualTo(before);
            assertThat(db.backhoe().planRest(id, PlanOptions.LOOK_ONLY).chunks())
                    .as("what the hint says next")
                    .hasSize(1);
        }
    }

    private static RunReport undo(TestDatabase db, long id) {
        return db.backhoe().rollback(id, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static long waiting(TestDatabase db) {
        return waiting(db, TestDatabase.addOne());
    }

    private static long waiting(TestDatabase db, String spec) {
        return db.backhoe()
                .run(db.plan(spec), new RunOptions(1, 1, "test"), new StopSignal(), RunListener.NONE)
                .run()
                .id();
    }

    private static RunReport resume(TestDatabase db, long id) {
        return db.backhoe().resume(id, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    @Test
    void aChangeAfterTheLastLookIsFoundBeforeTheRunIsCalledDone() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);

            var paused = changedInTheMiddle(db, "ALTER TABLE orders ADD COLUMN extra text", Duration.ZERO);

            assertThat(paused.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(paused.run().exitCode()).isEqualTo(ExitCode.DRIFTED.code());
            assertThat(paused.changed()).isEqualTo(1_000);
            long id = paused.run().id();
            db.backhoe().acceptDrift(id, TEST);
            assertThat(resume(db, id).run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }

    /** Before 18 such a batch has one snapshot, taken before it waits, and that shows nothing of a table that was rewritten. */
    @ParameterizedTest
    @EnumSource(Version.class)
    void aBatchThatWaitsForARewriteDoesNotTakeTheTableForEmpty(Version version) throws Exception {
        try (var db = TestDatabase.on(version);
                var other = db.connect();
                var statement = other.createStatement()) {
            db.orders(6_000);
            other.setAutoCommit(false);
            var rewrites = new AtomicInteger();
            var rewriter = new RunListener() {
                @Override
                public void event(String kind, String chunk, String message) {
                    if (kind.equals("chunk_done") && rewrites.incrementAndGet() <= 3) {
                        rewriteWhileItIsWaitedFor(db, statement);
                    }
                }
            };

            var report = db.backhoe()
                    .run(db.plan(TestDatabase.addOne()), new RunOptions(1, null, "test"), new StopSignal(), rewriter);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(6_000);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }

    private static void rewriteWhileItIsWaitedFor(TestDatabase db, Statement statement) {
        try {
            statement.execute("ALTER TABLE orders ALTER COLUMN n TYPE integer USING n + 0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        CompletableFuture.runAsync(() -> {
            try {
                db.awaitNumber("SELECT least(1, count(*)) FROM pg_locks WHERE NOT granted", 1);
                statement.getConnection().commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static RunReport changedInTheMiddle(TestDatabase db, String change, Duration later) {
        var time = new HastyTime();
        var done = new AtomicBoolean();
        var changer = new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                if (kind.equals("chunk_done") && done.compareAndSet(false, true)) {
                    try (var other = db.connect();
                            var statement = other.createStatement()) {
                        statement.execute(change);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                    time.skip(later);
                }
            }
        };
        return new Backhoe(db.database(), time)
                .run(db.plan(TestDatabase.addOne()), new RunOptions(1, null, "test"), new StopSignal(), changer);
    }
}
