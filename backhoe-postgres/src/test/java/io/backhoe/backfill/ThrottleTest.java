package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.LoadFacts;
import io.backhoe.database.Shown;
import io.backhoe.ledger.LostTime;
import io.backhoe.ledger.Tuning;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Policy;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run gives way to others, says why, and goes on. */
@Timeout(120)
class ThrottleTest {
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final StopSignal stop = new StopSignal();

    @Test
    void aProbeThatDegradesHoldsTheRunAndLetsItGoOnWhenItRecovers() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE checkout (ms integer)");
            db.sql("INSERT INTO checkout VALUES (100)");
            var run = slowRun(db, "throttle: { probe: { query: SELECT ms FROM checkout, max: 300 } }");
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE rows_per_second > 0", 1);

            db.sql("UPDATE checkout SET ms = 900");
            awaitLimit(db, "probe", "900");
            nothingIsOpen(db);
            long rows = examined(db);
            assertThat(db.one("SELECT pg_sleep(1)")).isNotNull();
            assertThat(examined(db)).isEqualTo(rows);
            assertThat(db.one("SELECT limit_limit FROM backhoe.pace")).isEqualTo("300");

            db.sql("UPDATE checkout SET ms = 100");
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE limit_value LIKE 'effort%'", 1);
            succeeds(db, run);
            assertThat(lost(db, "probe")).isGreaterThan(Duration.ofSeconds(1));
            assertThat(db.backhoe().account(1).events())
                    .filteredOn(e -> e.kind().equals("throttle"))
                    .extracting(e -> e.message())
                    .contains("probe: 900 of 300: no batch begins until it is well again")
                    .anyMatch(m -> m.matches("probe: 100 of 300: work goes on at [\\d]+ %, after \\d+ s"));
        }
    }

    @Test
    void aProbeThatFailsIsDoubtAndHolds() throws Exception {
        try (var db = TestDatabase.create()) {
            var time = new HastyTime();
            db.sql("CREATE TABLE checkout (ms integer)");
            var run = slowRun(
                    db,
                    new Backhoe(db.database(), time),
                    "throttle: { probe: { query: SELECT ms FROM checkout, limit_ms: 300 } }");
            db.awaitNumber("SELECT count(*) FROM backhoe.pace", 1);
            db.sql("DROP TABLE checkout");
            time.skip(Duration.ofSeconds(16));

            awaitLimit(db, "probe", "checkout");

            db.backhoe().tune(1, limit(SignalName.PROBE, SignalName.OFF), "test");
            succeeds(db, run);
        }
    }

    @Test
    void aProbeThatCannotWorkIsRefusedWhenItIsPlanned() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(100);
            String spec = TestDatabase.addOne() + "  throttle: { probe: { query: %s, max: 3 } }\n";

            assertThatThrownBy(() -> db.plan(spec.formatted("SELECT ms FROM nowhere")))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.code()).isEqualTo("probe_fails");
                        assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                    })
                    .hasMessageContaining("nowhere");
            assertThatThrownBy(() -> db.plan(spec.formatted("SELECT 'many'")))
                    .hasMessageContaining("does not answer with one number");
            assertThat(db.plan(spec.formatted("SELECT 2.5")).chunks()).isNotEmpty();
        }
    }

    @Test
    void whoWaitsForABatchIsLetPass() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            var run = slowRun(db, "throttle: { blocking: 300ms }", 0.004);
            // The first batch has them all; it computes a row before it locks it.
            db.awaitNumber(
                    "SELECT count(*) FROM (SELECT FROM orders WHERE id <= 20 FOR UPDATE SKIP LOCKED) AS free", 0);
            other.setAutoCommit(false);
            long since = System.nanoTime();
            other.createStatement().execute("UPDATE orders SET tier = 'mine' WHERE id <= 20");
            other.commit();

            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(3));
            db.awaitNumber("SELECT count(*) FROM backhoe.lost_time WHERE reason = 'blocking' AND times > 0", 1);
            succeeds(db, run);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'mine'"))
                    .isEqualTo(20);
            assertThat(events).anyMatch(e -> e.matches("throttle a batch let somebody pass; the next has \\d+ rows"));
        }
    }

    @Test
    void aLongTransactionOfSomebodyElseIsNoReasonToWait() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT pg_current_xact_id(), count(*) FROM pg_class");
            var run = slowRun(db, "policy: balanced");

            assertThat(run.get().run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(events).noneMatch(e -> e.contains("no batch begins"));
        }
    }

    @Test
    void whatCannotBeSeenHereIsToldWithItsCureAndHoldsNothing() throws Exception {
        try (var db = TestDatabase.create()) {
            Database blind = ToldOtherwise.of(
                    db.database(),
                    "load",
                    (Shown<LoadFacts> shown) -> new Shown<>(
                            new LoadFacts(null, 1, List.of(), 1, List.of(), "GRANT pg_monitor TO app;"), shown.sql()));
            var run = slowRun(db, new Backhoe(blind), "server: { cpus: 64 }");
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.event WHERE kind = 'not_watched' AND message LIKE '%pg_monitor%'", 2);
            succeeds(db, run);

            assertThat(events)
                    .contains(
                            "not_watched replica_lag: GRANT pg_monitor TO app;",
                            "not_watched active_sessions: GRANT pg_monitor TO app;",
                            "not_watched disk: say in the spec what is free, server: {disk_free: 200GB}")
                    .noneMatch(e -> e.contains("no batch begins"));
        }
    }

    @Test
    void signalsThatAreNoLongerReadHoldTheRunUntilTheyAre() throws Exception {
        try (var db = TestDatabase.create()) {
            var broken = new AtomicBoolean();
            Database database = ToldOtherwise.of(db.database(), "load", (Shown<LoadFacts> shown) -> {
                if (broken.get()) {
                    throw new DatabaseException(ErrorKind.TIMEOUT, "57014", "no answer", null, null);
                }
                return shown;
            });
            var time = new HastyTime();
            var run = slowRun(db, new Backhoe(database, time), "policy: balanced");
            db.awaitNumber("SELECT count(*) FROM backhoe.pace", 1);

            broken.set(true);
            time.skip(Duration.ofSeconds(16));
            awaitLimit(db, "replica_lag", "no answer");
            nothingIsOpen(db);

            broken.set(false);
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE limit_value NOT LIKE 'not read%'", 1);
            succeeds(db, run);
        }
    }

    @Test
    void aLostConnectionOfTheSignalsIsOpenedAnewAndStopsNoHeartbeat() throws Exception {
        try (var db = TestDatabase.create()) {
            var run = slowRun(db, "policy: balanced");
            String signals = "FROM pg_stat_activity WHERE application_name = 'backhoe/1/signals'"
                    + " AND datname = current_database()";
            db.awaitNumber("SELECT count(*) " + signals, 1);
            long was = db.number("SELECT pid " + signals);

            db.one("SELECT pg_terminate_backend(pid) " + signals);
            db.awaitNumber("SELECT count(*) " + signals + " AND pid <> " + was, 1);

            succeeds(db, run);
            db.awaitNumber("SELECT count(*) " + signals, 0);
        }
    }

    @Test
    void outsideOfItsHoursItWaitsAndAnswers() throws Exception {
        try (var db = TestDatabase.create()) {
            var now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
            var run = slowRun(db, "run_between: \"" + now.plusHours(2) + "-" + now.plusHours(3) + "\"");
            awaitLimit(db, "run_between", "it is");
            assertThat(examined(db)).isZero();
            nothingIsOpen(db);

            long since = System.nanoTime();
            db.backhoe().tune(1, new Tuning(1, null), "test");
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(2));

            stop.request("SIGTERM");
            since = System.nanoTime();
            assertThat(run.get().run().state()).isEqualTo(RunState.PAUSED);
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void aCanaryStopsForAPersonToLookAndResumeGoesOnWithTheRest() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(4_000);
            var plan = db.plan(TestDatabase.addOne() + "  canary: 1%\n");
            var canary = db.backhoe().run(plan, OPTIONS, stop, RunListener.NONE);

            assertThat(canary.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(canary.run().exitCode()).isEqualTo(9);
            assertThat(canary.run().reason())
                    .startsWith("the canary of 1 % is done")
                    .endsWith("resume goes on with the rest. Its checks: verify_values_match_expression holds");
            assertThat(canary.checks()).anyMatch(c -> c.name().equals("verify_values_match_expression") && c.holds());
            assertThat(canary.examined()).isBetween(40L, 200L);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n = id % 100 + 1"))
                    .isEqualTo(canary.examined());

            var rest = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(rest.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
        }
    }

    @Test
    void aDeadlineThatCannotBeMetIsAWarning() throws Exception {
        try (var db = TestDatabase.create()) {
            var run = slowRun(db, "deadline: 2020-01-01");
            db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE kind = 'warning' AND message LIKE 'deadline%'", 1);
            succeeds(db, run);

            assertThat(events).anyMatch(e -> e.startsWith("warning deadline 2020-01-01T00:00 UTC has passed: "));
        }
    }

    @Test
    void deadRowsAreVacuumedBetweenChunksWhereThePolicySaysSo() throws Exception {
        try (var db = TestDatabase.create()) {
            var run = slowRun(db, "policy: balanced\n  server: { cpus: 64 }", 0.002);
            db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE 'vacuumed%'", 1);
            succeeds(db, run);

            assertThat(db.number("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'orders'"))
                    .isPositive();
        }
    }

    @Test
    void anotherPolicyHoldsWithinASecond() throws Exception {
        try (var db = TestDatabase.create()) {
            var run = slowRun(db, "policy: gentle");
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE limit_signal = 'policy'", 1);

            db.backhoe().tune(1, new Tuning(null, null, Policy.FAST, Map.of(SignalName.REPLICA_LAG, 9.5)), "test");
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.pace WHERE batch_target_ms = 2000 AND limit_signal <> 'policy'", 1);

            var tuned = db.backhoe().status(1, 0).pace().tuned();
            assertThat(tuned.policy()).isEqualTo(Policy.FAST);
            assertThat(tuned.limits()).isEqualTo(Map.of(SignalName.REPLICA_LAG, 9.5));
            assertThat(tuned).hasToString("policy fast, replica_lag 9.5 s");
            succeeds(db, run);
        }
    }

    private CompletableFuture<RunReport> slowRun(TestDatabase db, String keys) throws Exception {
        return slowRun(db, keys, 0.001);
    }

    private CompletableFuture<RunReport> slowRun(TestDatabase db, String keys, double seconds) throws Exception {
        return slowRun(db, db.backhoe(), keys, seconds);
    }

    private CompletableFuture<RunReport> slowRun(TestDatabase db, Backhoe backhoe, String keys) throws Exception {
        return slowRun(db, backhoe, keys, 0.001);
    }

    /** A worker that adds one to each of 4,000 rows, so many seconds each, until table {@code slow} says otherwise. */
    private CompletableFuture<RunReport> slowRun(TestDatabase db, Backhoe backhoe, String keys, double seconds)
            throws Exception {
        db.orders(4_000);
        db.sql("CREATE TABLE slow (seconds double precision)");
        db.sql("INSERT INTO slow VALUES (" + seconds + ")");
        db.sql("CREATE FUNCTION slowly(n integer) RETURNS integer LANGUAGE sql STABLE AS"
                + " $$ SELECT n FROM slow WHERE pg_sleep(seconds) IS NOT NULL $$");
        var plan = db.plan(
                TestDatabase.addOne().replace("n + 1", "slowly(n) + 1").replace("parallelism: 2", "parallelism: 1")
                        + "  " + keys + "\n");
        return CompletableFuture.supplyAsync(() -> backhoe.run(plan, OPTIONS, stop, new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                events.add(kind + " " + message);
            }
        }));
    }

    private static Tuning limit(SignalName name, double value) {
        return new Tuning(null, null, null, Map.of(name, value));
    }

    private static void awaitLimit(TestDatabase db, String signal, String value) throws Exception {
        db.awaitNumber(
                "SELECT count(*) FROM backhoe.pace WHERE limit_signal = '" + signal + "' AND limit_value LIKE '%"
                        + value + "%'",
                1);
    }

    private static void nothingIsOpen(TestDatabase db) throws Exception {
        db.awaitNumber(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'backhoe/1/2%'"
                        + " AND datname = current_database() AND xact_start IS NOT NULL",
                0);
    }

    private static long examined(TestDatabase db) throws Exception {
        return db.number("SELECT coalesce(sum(examined), 0) FROM backhoe.segment");
    }

    private static Duration lost(TestDatabase db, String reason) {
        return db.backhoe().status(1, 0).pace().lost().stream()
                .filter(l -> l.reason().equals(reason))
                .map(LostTime::time)
                .findFirst()
                .orElse(Duration.ZERO);
    }

    /** The rest is no work; each row has been changed once. */
    private static void succeeds(TestDatabase db, CompletableFuture<RunReport> run) throws Exception {
        db.sql("UPDATE slow SET seconds = 0");
        assertThat(run.get().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
    }
}
