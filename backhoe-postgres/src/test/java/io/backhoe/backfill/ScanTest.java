package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that would each read the whole table are refused, beforehand and while a run goes on. */
class ScanTest {
    private static final String NO_INDEX = """
            ALTER DATABASE %1$s SET enable_indexscan = off;
            ALTER DATABASE %1$s SET enable_indexonlyscan = off;
            ALTER DATABASE %1$s SET enable_bitmapscan = off
            """;

    /** More than a thousand pages. */
    private static void widen(TestDatabase db) throws Exception {
        db.orders(60_000);
        db.sql("ALTER TABLE orders ADD COLUMN pad text");
        db.sql("UPDATE orders SET pad = repeat('x', 150)");
        db.sql("VACUUM FULL ANALYZE orders");
    }

    private static void withoutIndexScans(TestDatabase db) throws Exception {
        db.sql(NO_INDEX.formatted(db.one("SELECT current_database()")));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aPlanWhoseBatchesReadTheWholeTableIsRefused(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            widen(db);
            assertThat(db.plan(TestDatabase.fillTier()).explain().get("write")).contains("orders_by_date");
            withoutIndexScans(db);

            assertThatThrownBy(() -> db.plan(TestDatabase.fillTier()))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                        assertThat(e.code()).isEqualTo("batch_scans_table");
                        assertThat(e.getMessage()).contains("Seq Scan", "all of orders", "pages");
                        assertThat(e.hint()).contains("ANALYZE public.orders", "enable_indexscan");
                    });
        }
    }

    @Test
    void aTinyTableMayBeReadWhole() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(20_000);
            withoutIndexScans(db);

            assertThat(db.plan(TestDatabase.fillTier()).explain().get("write")).contains("Seq Scan on orders");
        }
    }

    @Test
    void aTableThatWasNeverAnalyzedIsReachedByItsIndexAllTheSame() throws Exception {
        try (var db = TestDatabase.create()) {
            widen(db);
            db.sql("CREATE TABLE fresh (LIKE orders INCLUDING ALL) WITH (autovacuum_enabled = off)");
            db.sql("INSERT INTO fresh SELECT * FROM orders");

            var plan = db.plan(TestDatabase.fillTier().replace("table: orders", "table: fresh"));

            assertThat(plan.explain().get("write")).contains("order_date_id_idx");
        }
    }

    @Test
    void aTableThatWasNeverAnalyzedAndIsReadWholeIsToBeAnalyzed() throws Exception {
        try (var db = TestDatabase.create()) {
            widen(db);
            db.sql("CREATE TABLE fresh (LIKE orders INCLUDING ALL) WITH (autovacuum_enabled = off)");
            db.sql("INSERT INTO fresh SELECT * FROM orders");
            withoutIndexScans(db);

            assertThatThrownBy(() -> db.plan(TestDatabase.fillTier().replace("table: orders", "table: fresh")))
                    .isInstanceOfSatisfying(
                            BackhoeException.class,
                            e -> assertThat(e.hint()).contains("never been analyzed", "ANALYZE public.fresh"));
        }
    }

    @Test
    void aRunPausesWhenTheIndexIsDroppedMeanwhile() throws Exception {
        try (var db = TestDatabase.create()) {
            widen(db);
            var plan = db.plan(TestDatabase.fillTier());
            var dropped = new AtomicBoolean();
            var time = new HastyTime();
            var dropper = new RunListener() {
                @Override
                public void event(String kind, String chunk, String message) {
                    if (kind.equals("chunk_done") && dropped.compareAndSet(false, true)) {
                        try (var other = db.connect();
                                var statement = other.createStatement()) {
                            statement.execute("DROP INDEX orders_by_date");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                        time.skip(Duration.ofSeconds(11));
                    }
                }
            };

            var report = new Backhoe(db.database(), time)
                    .run(plan, new RunOptions(1, null, "test"), new StopSignal(), dropper);

            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.REFUSED.code());
            assertThat(report.run().reason())
                    .contains("2023-02", "Seq Scan", "What to do: Index orders_by_date is gone")
                    .contains("CREATE INDEX CONCURRENTLY ON public.orders (order_date, id)");
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 't' || n"))
                    .isEqualTo(report.changed());

            db.sql("CREATE INDEX orders_by_date ON orders (order_date, id)");
            var resumed = db.backhoe().resume(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(resumed.run().state()).isEqualTo(RunState.SUCCEEDED);
        }
    }
}
