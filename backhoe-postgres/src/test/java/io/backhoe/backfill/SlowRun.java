package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.ledger.LostTime;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A run that adds one to each of 4,000 rows, so many seconds each, until table {@code slow} says otherwise. */
final class SlowRun {
    final Queue<String> events = new ConcurrentLinkedQueue<>();
    final StopSignal stop = new StopSignal();
    private final TestDatabase db;

    SlowRun(TestDatabase db) throws Exception {
        this.db = db;
        db.orders(4_000);
        db.sql("CREATE TABLE slow (seconds double precision)");
        db.sql("INSERT INTO slow VALUES (0.02)");
        db.sql("CREATE FUNCTION slowly(n integer) RETURNS integer LANGUAGE sql STABLE AS"
                + " $$ SELECT n FROM slow WHERE pg_sleep(seconds) IS NOT NULL $$");
    }

    SlowRun taking(double secondsForARow) throws Exception {
        db.sql("UPDATE slow SET seconds = " + secondsForARow);
        return this;
    }

    CompletableFuture<RunReport> start(String keys) {
        return start(db.backhoe(), keys, 1, RunListener.NONE);
    }

    CompletableFuture<RunReport> start(Backhoe backhoe, String keys, int workers, RunListener listener) {
        var plan = db.plan(TestDatabase.addOne()
                        .replace("n + 1", "slowly(n) + 1")
                        .replace("parallelism: 2", "parallelism: " + workers)
                + "  " + keys + "\n");
        RunListener kept = new RunListener() {
            @Override
            public void event(String kind, String chunk, String message) {
                events.add(kind + " " + message);
            }
        };
        return CompletableFuture.supplyAsync(() -> backhoe.run(plan, OPTIONS, stop, kept.and(listener)));
    }

    /** An event of the ledger with such a message has been written so often. */
    void awaitEvent(String like, int times) throws Exception {
        db.awaitNumber("SELECT count(*) FROM backhoe.event WHERE message LIKE '" + like + "'", times);
    }

    void awaitLimit(String signal) throws Exception {
        db.awaitNumber("SELECT count(*) FROM backhoe.pace WHERE limit_signal = '" + signal + "'", 1);
    }

    Duration lost(String reason) {
        return db.backhoe().status(1, 0).pace().lost().stream()
                .filter(l -> l.reason().equals(reason))
                .map(LostTime::time)
                .findFirst()
                .orElse(Duration.ZERO);
    }

    /** The rest is no work; each row has been changed once. */
    void succeeds(CompletableFuture<RunReport> run) throws Exception {
        taking(0);
        assertThat(run.get().run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                .isZero();
    }
}
