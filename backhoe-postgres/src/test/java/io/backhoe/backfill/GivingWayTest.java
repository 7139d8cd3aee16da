package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.ledger.Tuning;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.Policy;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run that gives way does with time, with cancels, and with a first part. */
@Timeout(120)
class GivingWayTest {
    private static final String SLOW_COMMITS = "throttle: { commit_latency: 0.001ms }";

    @Test
    void slowCommitsSendWorkersHomeAndTheTimeIsLostToThemAndToThePolicyApart() throws Exception {
        try (var db = TestDatabase.create()) {
            var time = new HastyTime();
            var slow = new SlowRun(db);
            var run = slow.start(new Backhoe(db.database(), time), SLOW_COMMITS, 4, RunListener.NONE);
            slow.awaitEvent("commit_latency: % ms of 0 ms: effort 50 %", 1);
            time.skip(Duration.ofSeconds(5));
            slow.awaitEvent("commit_latency: % ms of 0 ms: effort 25 %", 1);
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.pace WHERE limit_signal = 'commit_latency' AND workers = 1", 1);
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.lost_time WHERE reason = 'commit_latency' AND ms > 3000"
                            + " OR reason = 'policy' AND ms > 0",
                    2);
            slow.succeeds(run);

            assertThat(slow.events)
                    .anyMatch(e -> e.matches("throttle commit_latency: [\\d.]+ ms of 0 ms: effort 50 %"))
                    .anyMatch(e -> e.matches("throttle commit_latency: [\\d.]+ ms of 0 ms: effort 25 %"));
        }
    }

    @Test
    void whoListensMayTakeHisTimeAndAskForSomethingMeanwhile() throws Exception {
        try (var db = TestDatabase.create()) {
            var slow = new SlowRun(db);
            var tuned = new CountDownLatch(1);
            var asked = new AtomicBoolean();
            var heard = new AtomicBoolean();
            var run = slow.start(db.backhoe(), SLOW_COMMITS, 1, new RunListener() {
                @Override
                public void event(String kind, String chunk, String message) {
                    if (kind.equals("tuned")) {
                        tuned.countDown();
                    } else if (message.contains("effort") && asked.compareAndSet(false, true)) {
                        db.backhoe().tune(1, new Tuning(2, null), "test");
                        heard.set(isTuned(tuned));
                    }
                }
            });
            db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE kind = 'tuned'", 1);
            slow.succeeds(run);

            assertThat(heard).isTrue();
        }
    }

    private static boolean isTuned(CountDownLatch tuned) {
        try {
            return tuned.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aProbeThatGetsNoAnswerInItsTimeIsOverItsLimit() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            db.sql("CREATE TABLE checkout (ms integer)");
            db.sql("INSERT INTO checkout VALUES (100)");
            var slow = new SlowRun(db);
            var run = slow.start("throttle: { probe: { query: SELECT ms FROM checkout, max: 300 } }");
            db.awaitNumber("SELECT count(*) FROM backhoe.pace", 1);
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE checkout");

            slow.awaitEvent("probe: not ended (no answer within % ms) of 300: no batch begins%", 1);

            other.rollback();
            slow.awaitEvent("probe: 100 of 300: work goes on at %", 1);
            slow.succeeds(run);
        }
    }

    @Test
    void aProbeIsWaitedForAsLongAsItsLimitAllowsThatWasTunedSince() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE checkout (seconds double precision)");
            db.sql("INSERT INTO checkout VALUES (0)");
            String said = "SELECT count(*) FROM backhoe.signal WHERE signal = 'probe' AND value ";
            var slow = new SlowRun(db);
            var run = slow.start(
                    "throttle: { probe: { query: SELECT pg_sleep(seconds) FROM checkout, limit_ms: 1000 } }");
            db.awaitNumber(said + "<> ''", 1);
            db.backhoe().tune(1, new Tuning(null, null, null, Map.of(SignalName.PROBE, 9000.0)), "test");
            db.sql("UPDATE checkout SET seconds = 5.2");
            db.awaitNumber(said + "~ '^5[0-9]{3}'", 1);
            db.sql("UPDATE checkout SET seconds = 0");
            slow.succeeds(run);

            assertThat(slow.events).noneMatch(e -> e.contains("not ended"));
        }
    }

    @Test
    void aPersonsCancelIsAWishToPauseAlsoWhenOurOwnTimeoutSeemsToHavePassed() throws Exception {
        try (var db = TestDatabase.create()) {
            var time = new HastyTime();
            var slow = new SlowRun(db);
            var run = slow.start(new Backhoe(db.database(), time), "policy: fast", 1, RunListener.NONE);
            String batch = " FROM pg_stat_activity WHERE application_name LIKE 'backhoe/1/2%' AND state = 'active'"
                    + " AND datname = current_database() AND query LIKE '%slowly%'";
            db.awaitNumber("SELECT count(*)" + batch, 1);
            time.skip(Policy.FAST.batchTime().multipliedBy(21));
            // A batch may end before the cancel has found it.
            db.awaitNumber("SELECT count(*) FILTER (WHERE pg_cancel_backend(pid))" + batch, 1);

            var paused = run.get().run();
            assertThat(paused.state()).isEqualTo(RunState.PAUSED);
            assertThat(paused.reason()).startsWith("somebody cancelled a batch of chunk");
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100"))
                    .isZero();
        }
    }

    @Test
    void aCanaryThatIsStoppedInItsChecksIsAskedAgainAndNamesThemInItsReason() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            var slow = new SlowRun(db);
            // Whoever is no worker waits in it for as long as somebody has the lock.
            db.sql("CREATE OR REPLACE FUNCTION slowly(n integer) RETURNS integer LANGUAGE sql STABLE AS"
                    + " $$ SELECT n FROM slow WHERE pg_sleep(seconds) IS NOT NULL"
                    + " AND (current_setting('application_name') LIKE 'backhoe/1/2%'"
                    + " OR pg_advisory_xact_lock_shared(7) IS NOT NULL) $$");
            var run = slow.start("canary: 1%");
            other.createStatement().execute("SELECT pg_advisory_lock(7)");
            db.awaitNumber(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
                    1);
            slow.stop.request("SIGTERM");
            other.createStatement().execute("SELECT pg_advisory_unlock(7)");

            var stopped = run.get().run();
            assertThat(stopped.state()).isEqualTo(RunState.PAUSED);
            assertThat(stopped.reason())
                    .isEqualTo("stopped by SIGTERM while checks were asked; resume asks those of the canary again");
            slow.taking(0);

            var asked = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(asked.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(asked.run().reason())
                    .isEqualTo("the canary of 1 % is done, 40 rows were examined: look at them; resume goes on with the"
                            + " rest. Its checks: verify_values_match_expression holds");
            assertThat(asked.examined()).isEqualTo(40);

            slow.succeeds(CompletableFuture.completedFuture(
                    db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE)));
        }
    }
}
