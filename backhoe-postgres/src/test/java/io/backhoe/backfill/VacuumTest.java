package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.run.RunListener;
import io.backhoe.value.RunState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The vacuum between chunks gives way as the run itself does. */
@Timeout(120)
class VacuumTest {
    private static final String KEYS = "policy: balanced\n  server: { cpus: 64 }";
    private static final String VACUUMS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'backhoe/1/vacuum' AND query LIKE 'VACUUM%' AND state = 'active'";

    private final HastyTime time = new HastyTime();

    @Test
    void aTableThatSomebodyHasLockedIsNotVacuumedYetAndIsTriedAgain() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            var slow = new SlowRun(db).taking(0.012);
            nobodyElseVacuums(db);
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE");
            var run = slow.start(new Backhoe(db.database(), time), KEYS, 1, RunListener.NONE);
            aChunkEnds(db);
            slow.awaitEvent("not vacuumed yet, and tried again: %lock not available%", 1);
            assertThat(slow.events).noneMatch(e -> e.startsWith("throttle vacuumed"));

            other.rollback();
            time.skip(Duration.ofSeconds(11));
            slow.awaitEvent("vacuumed public.orders%", 1);
            slow.succeeds(run);
        }
    }

    @Test
    void aVacuumEndsForWhoWaitsForItWhileTheRunIsHeldAndWithTheRun() throws Exception {
        try (var db = TestDatabase.create();
                var other = db.connect()) {
            var slow = new SlowRun(db).taking(0.012);
            nobodyElseVacuums(db);
            slowVacuum(db);
            db.sql("CREATE TABLE checkout (ms integer)");
            db.sql("INSERT INTO checkout VALUES (100)");
            var run = slow.start(
                    new Backhoe(db.database(), time),
                    KEYS + "\n  throttle: { probe: { query: SELECT ms FROM checkout, max: 300 } }",
                    1,
                    RunListener.NONE);
            aChunkEnds(db);
            db.awaitNumber(VACUUMS, 1);
            other.createStatement().execute("BEGIN; LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE; ROLLBACK");
            slow.awaitEvent("a vacuum ended early, and is tried again: somebody waits for it", 1);

            time.skip(Duration.ofSeconds(11));
            db.awaitNumber(VACUUMS, 1);
            db.sql("UPDATE checkout SET ms = 900");
            slow.awaitEvent("a vacuum ended early, and is tried again: probe: 900 of 300", 1);
            db.sql("UPDATE checkout SET ms = 100");

            time.skip(Duration.ofSeconds(11));
            db.awaitNumber(VACUUMS, 1);
            slow.stop.request("SIGTERM");
            assertThat(run.get().run().state()).isEqualTo(RunState.PAUSED);
            db.awaitNumber(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backhoe/1/vacuum'"
                            + " AND datname = current_database()",
                    0);
            assertThat(slow.events).noneMatch(e -> e.startsWith("throttle vacuumed"));
        }
    }

    /** What changes slowly is looked at soon after. */
    private void aChunkEnds(TestDatabase db) throws Exception {
        db.awaitNumber("SELECT least(1, count(*)) FROM backhoe.chunk WHERE state = 'success'", 1);
        db.awaitNumber("SELECT least(100, n_dead_tup) FROM pg_stat_user_tables WHERE relname = 'orders'", 100);
        time.skip(Duration.ofSeconds(5));
    }

    private static void nobodyElseVacuums(TestDatabase db) throws Exception {
        db.sql("ALTER TABLE orders SET (autovacuum_enabled = false)");
    }

    /** Eight milliseconds a page, and many pages. */
    private static void slowVacuum(TestDatabase db) throws Exception {
        for (String cost : new String[] {"page_hit", "page_miss", "page_dirty", "limit"}) {
            db.sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET vacuum_cost_" + cost + " = "
                    + (cost.equals("limit") ? 1 : 10_000) + "', current_database()); END $$");
        }
        db.sql("ALTER TABLE orders SET (fillfactor = 10), ADD COLUMN pad text DEFAULT repeat('x', 300)");
        db.sql("VACUUM FULL orders");
        db.sql("ANALYZE orders");
    }
}
