package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.database.Database;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.LoadFacts;
import io.backhoe.database.Shown;
import io.backhoe.database.Sizes;
import io.backhoe.embedded.PostgresServer;
import io.backhoe.embedded.ServerOptions;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.SignalRecord;
import io.backhoe.ledger.Tuning;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run says of its signals while it goes on, and what becomes of them from one process to the next. */
@Timeout(120)
class RunningSignalsTest {
    private static final long MEGABYTE = 1L << 20;

    @Test
    void theDiskThatARunTakesIsCountedOverAllItsExecutionsAndEndsIt() throws Exception {
        try (var db = TestDatabase.create()) {
            var grown = new AtomicLong();
            Database database = ToldOtherwise.of(
                    db.database(),
                    "sizes",
                    (Sizes s) -> new Sizes(
                            s.rows(),
                            s.heapBytes() + grown.get() * MEGABYTE,
                            s.indexBytes(),
                            s.indexes(),
                            s.maxWalBytes()));
            var time = new HastyTime();
            var backhoe = new Backhoe(database, time);
            var slow = new SlowRun(db);
            var first = slow.start(backhoe, "policy: fast\n  server: { disk_free: 100MB }", 1, RunListener.NONE);
            db.awaitNumber("SELECT count(*) FROM backhoe.run WHERE bytes_at_first > 0", 1);
            grown.set(50);
            backhoe.pause(1, "test");
            assertThat(first.get().run().state()).isEqualTo(RunState.PAUSED);

            var second =
                    CompletableFuture.supplyAsync(() -> backhoe.resume(1, OPTIONS, new StopSignal(), RunListener.NONE));
            db.awaitNumber("SELECT count(*) FROM backhoe.signal WHERE signal = 'disk' AND value LIKE '5_%'", 1);
            grown.set(88);
            time.skip(Duration.ofSeconds(5));
            slow.awaitLimit("disk");
            grown.set(97);
            time.skip(Duration.ofSeconds(5));

            var stopped = second.get().run();
            assertThat(stopped.state()).isEqualTo(RunState.PAUSED);
            assertThat(stopped.exitCode()).isEqualTo(5);
            assertThat(stopped.reason())
                    .startsWith("the run has taken 9")
                    .contains("server.disk_free", "backhoe tune 1 --limit disk=VALUE");

            backhoe.tune(1, new Tuning(null, null, null, Map.of(SignalName.DISK, 150.0)), "test");
            String then = db.one("SELECT clock_timestamp() + interval '1500 ms'");
            var third =
                    CompletableFuture.supplyAsync(() -> backhoe.resume(1, OPTIONS, new StopSignal(), RunListener.NONE));
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE limit_signal <> 'disk' AND at > '" + then + "'", 1);
            backhoe.pause(1, "test");
            assertThat(third.get().run().exitCode()).isEqualTo(9);
            backhoe.tune(1, new Tuning(null, null, null, Map.of(SignalName.DISK, 85.0)), "test");
            var back = backhoe.rollback(1, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(back.run().state()).isEqualTo(RunState.ROLLED_BACK);
        }
    }

    @Test
    void statusTellsOfEachSignalWithValueLimitAgeAndCureAndOfTheDeadline() throws Exception {
        try (var db = TestDatabase.create()) {
            var slow = new SlowRun(db);
            var run = slow.start("deadline: 2100-01-01\n  throttle: { lock_waits: off }");
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.signal WHERE signal = 'replica_lag' AND value <> ''"
                            + " OR signal = 'deadline' AND value <> ''",
                    2);
            var signals = db.backhoe().status(1, 0).pace().signals();
            slow.succeeds(run);

            assertThat(signals)
                    .extracting(SignalRecord::signal)
                    .containsExactly(
                            "replica_lag",
                            "active_sessions",
                            "blocking",
                            "lock_waits",
                            "commit_latency",
                            "wal_archive",
                            "slot_retention",
                            "dead_tuples",
                            "disk",
                            "batch_time",
                            "deadline");
            assertThat(signals.get(0))
                    .satisfies(lag -> assertThat(lag.value()).isEqualTo("0 s"))
                    .satisfies(lag -> assertThat(lag.limit()).isEqualTo("5 s"))
                    .satisfies(lag -> assertThat(lag.age()).isLessThan(Duration.ofSeconds(60)));
            assertThat(signals.get(1).cure()).startsWith("say in the spec how many processors");
            assertThat(signals.get(3).limit()).isEqualTo("off");
            assertThat(signals.get(10).limit()).isEqualTo("1 rows/s needed until 2100-01-01T00:00 UTC");

            db.backhoe().rollback(1, List.of(), TestDatabase.OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(db.backhoe().status(1, 0).pace().signals())
                    .as("who takes back has no deadline")
                    .extracting(SignalRecord::signal)
                    .contains("disk")
                    .doesNotContain("deadline");
        }
    }

    @Test
    void logThatIsNotArchivedOrKeptForASlotHoldsTheRunUntilItIsGone() throws Exception {
        var options = ServerOptions.of(Version.CURRENT)
                .with("archive_mode", "on")
                .with("archive_command", "false")
                .with("wal_level", "logical")
                .with("max_slot_wal_keep_size", "64MB");
        try (var server = PostgresServer.start(options);
                var db = TestDatabase.on(server)) {
            var time = new HastyTime();
            db.one("SELECT pg_create_logical_replication_slot('reader', 'pgoutput')");
            var slow = new SlowRun(db);
            var run = slow.start(
                    new Backhoe(db.database(), time),
                    "policy: balanced\n  throttle: { wal_archive: 1 }",
                    1,
                    RunListener.NONE);
            db.awaitNumber("SELECT count(*) FROM backhoe.signal WHERE signal = 'slot_retention' AND value <> ''", 1);
            for (int segment = 0; segment < 3; segment++) {
                db.sql("CREATE TABLE filler_" + segment + " ()");
                db.one("SELECT pg_switch_wal()");
            }
            time.skip(Duration.ofSeconds(5));
            slow.awaitEvent("wal_archive: _ of 1: no batch begins%", 1);

            db.sql("ALTER SYSTEM SET archive_command = 'true'");
            db.one("SELECT pg_reload_conf()");
            db.backhoe().tune(1, new Tuning(null, null, null, Map.of(SignalName.WAL_ARCHIVE, SignalName.OFF)), "test");
            slow.awaitEvent("slot_retention: %\\% (reader) of 50 \\%: no batch begins%", 1);

            db.one("SELECT pg_drop_replication_slot('reader')");
            time.skip(Duration.ofSeconds(5));
            slow.awaitEvent("slot_retention: 0 \\% of 50 \\%: work goes on%", 1);
            slow.succeeds(run);
        }
    }

    @Test
    void aReplicaThatMayBeBehindHoldsNothing() throws Exception {
        try (var db = TestDatabase.create()) {
            Database database = ToldOtherwise.of(
                    db.database(),
                    "load",
                    (Shown<LoadFacts> shown) -> new Shown<>(withReplicas(shown.value()), shown.sql()));
            var time = new HastyTime();
            var slow = new SlowRun(db);
            var run = slow.start(
                    new Backhoe(database, time), "throttle: { ignore_replicas: [slow_one] }", 1, RunListener.NONE);
            db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE rows_per_second > 0", 1);
            time.skip(Duration.ofSeconds(8));
            db.awaitNumber(
                    "SELECT count(*) FROM backhoe.signal WHERE value = '0 s (other)' AND at > "
                            + "(SELECT at - interval '2 s' FROM backhoe.pace)",
                    1);
            slow.succeeds(run);

            assertThat(slow.events).noneMatch(e -> e.contains("slow_one"));
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 1, 16", "true, 2, 8"})
    void aServerThatDoesNotTellOfItsLoadHoldsNobodyWhoWaitsOnlyForTheDisk(boolean disk, int times, int skip)
            throws Exception {
        try (var db = TestDatabase.create()) {
            Database database = ToldOtherwise.of(db.database(), "load", shown -> {
                throw new DatabaseException(ErrorKind.UNKNOWN, "XX000", "no load today", null, null);
            });
            var time = new HastyTime();
            String keys = "policy: fast" + (disk ? "\n  server: { disk_free: 100GB }" : "");
            var slow = new SlowRun(db);
            var run = slow.start(new Backhoe(database, time), keys, 1, RunListener.NONE);
            db.awaitNumber("SELECT count(*) FROM backhoe.pace", 1);
            for (int i = 0; i < times; i++) {
                // What could not be asked for grows old; the disk is asked for in between.
                time.skip(Duration.ofSeconds(skip));
                String then = db.one("SELECT clock_timestamp() + interval '1500 ms'");
                db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE at > '" + then + "'", 1);
            }
            slow.succeeds(run);

            assertThat(slow.events).noneMatch(e -> e.contains("no batch begins"));
        }
    }

    /** One that replays nothing, and one that has everything. */
    private static LoadFacts withReplicas(LoadFacts facts) {
        return new LoadFacts(
                facts.active(),
                facts.written(),
                List.of(new LoadFacts.Position("slow_one", 1), new LoadFacts.Position("other", facts.written())),
                facts.hidden(),
                facts.waits(),
                facts.cure());
    }
}
