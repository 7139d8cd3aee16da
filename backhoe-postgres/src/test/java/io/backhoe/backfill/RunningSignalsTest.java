package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.database.Database;
import io.backhoe.database.Sizes;
import io.backhoe.ledger.SignalRecord;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
            var slow = new SlowRun(db).taking(0.004);
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
            assertThat(stopped.reason()).startsWith("the run has taken 9").contains("server.disk_free");
        }
    }

    @Test
    void statusTellsOfEachSignalWithValueLimitAgeAndCureAndOfTheDeadline() throws Exception {
        try (var db = TestDatabase.create()) {
            var slow = new SlowRun(db).taking(0.003);
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
        }
    }
}
