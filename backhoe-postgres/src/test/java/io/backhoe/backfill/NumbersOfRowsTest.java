package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.PlanOptions;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import io.backhoe.postgres.PostgresDatabase;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a plan says of rows holds where the statistics do not, and small chunks are as large as was wished. */
class NumbersOfRowsTest {
    private static final int ROWS = 20_000;

    private static long estimated(Plan plan) {
        return plan.chunks().stream().mapToLong(PlannedChunk::estimatedRows).sum();
    }

    @Test
    void deadRowsOfARunThatWasTakenBackAreNotCounted() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(ROWS);
            db.sql("ALTER TABLE orders SET (autovacuum_enabled = false)");
            db.sql("UPDATE orders SET n = n + 1");
            db.sql("UPDATE orders SET n = n - 1");

            Plan plan = db.plan(TestDatabase.fillTier());

            assertThat(estimated(plan)).isBetween(ROWS - 100L, ROWS + 100L);
            assertThat(plan.notes())
                    .anySatisfy(n -> assertThat(n)
                            .startsWith("The statistics of public.orders are stale")
                            .contains("counted there are about 20,000", "ANALYZE public.orders;"));
        }
    }

    @Test
    void monthsThatTheStatisticsDoNotKnowYetAreCounted() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(ROWS);
            db.sql("ALTER TABLE orders SET (autovacuum_enabled = false)");
            db.sql("DELETE FROM orders WHERE order_date >= '2023-03-01'");
            db.sql("ANALYZE orders");
            db.sql("INSERT INTO orders SELECT i, timestamptz '2023-03-01 00:00+00' + i * interval '1 minute', 1"
                    + " FROM generate_series(100001, 130000) i");

            Plan plan = db.plan(TestDatabase.fillTier());

            long there = db.number(
                    "SELECT count(*) FROM orders WHERE order_date >= '2023-01-01Z' AND order_date < '2024-01-01Z'");
            assertThat(estimated(plan)).isEqualTo(there);
            assertThat(plan.notes()).anyMatch(n -> n.contains("are stale"));
        }
    }

    @Test
    void statisticsThatAreRightAreNotSpokenOf() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(ROWS);

            assertThat(db.plan(TestDatabase.fillTier()).notes()).noneMatch(n -> n.contains("stale"));
        }
    }

    /** Eight rows a page, so that a sample of the table's pages would hold a fraction of them. */
    @Test
    void smallChunksOfALargeTableAreCutEvenly() throws Exception {
        try (var db = TestDatabase.create()) {
            db.sql("CREATE TABLE orders (id bigint PRIMARY KEY, order_date timestamptz NOT NULL, n integer NOT NULL,"
                    + " tier text, filler text) WITH (fillfactor = 10)");
            db.sql("INSERT INTO orders SELECT i, timestamptz '2023-01-01Z' + i * interval '12 minutes', i % 100, NULL,"
                    + " repeat('x', 70) FROM generate_series(0, 43799) i");
            db.sql("CREATE INDEX ON orders (order_date, id)");
            db.sql("VACUUM ANALYZE orders");

            Plan plan = db.plan(TestDatabase.fillTier().replace("month, ", "day, chunk_size: 40, "));
            var report = db.backhoe().run(plan, TestDatabase.OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.chunks()).hasSizeBetween(1_000, 1_300);
            assertThat(report.chunks()).allSatisfy(c -> assertThat(c.examined()).isBetween(28L, 42L));
        }
    }

    @Test
    void whoMayOnlyReadMayPlanAndIsToldWhatARunNeeds() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(ROWS);
            String role = "planner_" + db.one("SELECT current_database()");
            db.sql("CREATE ROLE " + role + " LOGIN; GRANT SELECT ON orders TO " + role);
            try {
                var backhoe = new Backhoe(PostgresDatabase.at(db.url(), role, null, Map.of()));
                var spec = SpecFile.read(TestDatabase.fillTier(), "test.yaml", SpecOverrides.NONE);

                Plan plan = backhoe.plan(spec.spec(), spec.warnings(), new PlanOptions(true, said -> {}));

                assertThat(plan.notes())
                        .anySatisfy(n -> assertThat(n)
                                .contains(
                                        "may not run this plan",
                                        "GRANT UPDATE (tier) ON public.orders TO " + role + ";"));
                assertThat(plan.forecast()).isNotNull();
                assertThat(plan.forecast().notRehearsed()).contains("the role may not run this plan");
                assertThatThrownBy(() -> backhoe.run(plan, TestDatabase.OPTIONS, new StopSignal(), RunListener.NONE))
                        .isInstanceOfSatisfying(BackhoeException.class, e -> {
                            assertThat(e.exit()).isEqualTo(ExitCode.UNREACHABLE);
                            assertThat(e.code()).isEqualTo("rights_missing");
                            assertThat(e.hint()).contains("GRANT UPDATE (tier)");
                        });
                assertThat(db.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'backhoe'"))
                        .isZero();
            } finally {
                db.sql("DROP OWNED BY " + role + "; DROP ROLE " + role);
            }
        }
    }
}
