package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.ledger.Tuning;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Policy;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pace of a run is changed while it goes on. */
@Timeout(120)
class TuneTest {
    private static final String WORKERS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name LIKE 'backhoe/1/2%'";

    /** Nothing but who tunes it changes the pace. */
    private static final String ONLY_TUNED = "policy: gentle\n  " + TestDatabase.STEADY;

    private final Queue<Duration> batchTimes = new ConcurrentLinkedQueue<>();

    @Test
    void workersComeAndGoAndEveryRowIsChangedOnce() throws Exception {
        try (var db = TestDatabase.create()) {
            var run = slowRun(db);
            db.awaitNumber(WORKERS, 1);

            db.backhoe().tune(1, new Tuning(4, null), "test");
            db.awaitNumber(WORKERS, 4);
            assertThat(db.backhoe().status(1, 0).pace().tuned().workers()).isEqualTo(4);

            db.backhoe().tune(1, new Tuning(1, null), "test");
            db.awaitNumber(WORKERS, 1);

            db.backhoe().tune(1, new Tuning(3, Duration.ofMillis(50)), "test");
            db.awaitNumber(WORKERS, 3);
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE workers = 3 AND batch_target_ms = 50", 1);
            db.sql("UPDATE pace SET seconds = 0");

            assertThat(run.get().run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
            assertThat(db.backhoe().account(1).events())
                    .filteredOn(e -> e.kind().equals("tuned"))
                    .extracting(e -> e.message())
                    .containsExactly("4 workers, by test", "1 worker, by test", "3 workers, batches of 50 ms, by test");
            assertThatThrownBy(() -> db.backhoe().tune(1, new Tuning(2, null), "test"))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT));
        }
    }

    @Test
    void whatIsTunedHoldsWhenItIsToldAndNotSomeTimeLater() throws Exception {
        try (var db = TestDatabase.create()) {
            var slow = new SlowRun(db);
            var atOnce = new CompletableFuture<Tuning>();
            var run = slow.start(db.backhoe(), ONLY_TUNED, 1, new RunListener() {
                @Override
                public void event(String kind, String chunk, String message) {
                    if (kind.equals("tuned")) {
                        atOnce.complete(db.backhoe().status(1, 0).pace().tuned());
                    }
                }

                @Override
                public void progress(Progress progress) {
                    if (atOnce.isDone()) {
                        batchTimes.add(progress.pace().batchTarget());
                    }
                }
            });
            db.awaitNumber(WORKERS, 1);
            var wished = new Tuning(2, Duration.ofMillis(70), Policy.BALANCED, Map.of(SignalName.REPLICA_LAG, 9.5));
            db.backhoe().tune(1, wished, "test");

            assertThat(atOnce.get()).isEqualTo(wished);
            slow.succeeds(run);
            // The first may have been on its way.
            assertThat(batchTimes.stream().skip(1)).isNotEmpty().allMatch(Duration.ofMillis(70)::equals);
        }
    }

    @Test
    void aRunThatWaitsIsTunedForWhoeverGoesOnWithIt() throws Exception {
        try (var db = TestDatabase.create()) {
            var run = slowRun(db);
            db.awaitNumber(WORKERS, 1);
            db.backhoe().pause(1, "test");
            assertThat(run.get().run().state()).isEqualTo(RunState.PAUSED);

            db.backhoe().tune(1, new Tuning(3, null), "test");
            var resumed = CompletableFuture.supplyAsync(
                    () -> db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE));
            db.awaitNumber(WORKERS, 3);
            db.sql("UPDATE pace SET seconds = 0");

            assertThat(resumed.get().run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }

    @Test
    void whatKeepsItFromBeingFasterIsToldWhileSomebodyHoldsARow() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            var run = slowRun(db);
            db.awaitNumber(WORKERS, 1);
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT 1 FROM orders FOR UPDATE");
            // While nothing gets through, nothing else takes time either.
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.lost_time WHERE reason = 'lock_timeout' AND ms > 500"
                            + " + (SELECT coalesce(sum(ms), 0) FROM backhoe.lost_time WHERE reason <> 'lock_timeout')",
                    1);
            var lost = db.backhoe().status(1, 0).pace().lost();
            other.rollback();
            db.sql("UPDATE pace SET seconds = 0");

            assertThat(run.get().run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(lost.get(0).reason()).isEqualTo("lock_timeout");
            assertThat(lost.get(0).times()).isPositive();
            assertThat(db.backhoe().status(1, 0).pace().lost())
                    .filteredOn(l -> l.reason().equals("lock_timeout"))
                    .singleElement()
                    .satisfies(l -> assertThat(l.times())
                            .isGreaterThanOrEqualTo(lost.get(0).times()));
        }
    }

    /** A worker that adds one to each of 4,000 rows, three milliseconds each, until table {@code pace} says otherwise. */
    private static CompletableFuture<RunReport> slowRun(TestDatabase db) throws Exception {
        db.orders(4_000);
        db.sql("CREATE TABLE pace (seconds double precision)");
        db.sql("INSERT INTO pace VALUES (0.003)");
        db.sql("CREATE FUNCTION slowly(n integer) RETURNS integer LANGUAGE sql STABLE AS"
                + " $$ SELECT n FROM pace WHERE pg_sleep(seconds) IS NOT NULL $$");
        var plan = db.plan(
                TestDatabase.addOne().replace("n + 1", "slowly(n) + 1").replace("parallelism: 2", "parallelism: 1")
                        + "  " + ONLY_TUNED + "\n");
        return CompletableFuture.supplyAsync(() -> db.backhoe().run(plan, OPTIONS, new StopSignal(), RunListener.NONE));
    }
}
