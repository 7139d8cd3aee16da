package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import org.junit.jupiter.api.Test;

class SkewTest {
    @Test
    void halfOfAllRowsInOneMonthKeepFourWorkersBusyToTheEnd() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(40_000);
            db.sql(
                    "UPDATE orders SET order_date = timestamptz '2023-06-01Z' + id * interval '30 seconds' WHERE id % 2 = 0");
            db.sql("VACUUM ANALYZE orders");
            db.sql("""
                    CREATE FUNCTION slowly(i integer) RETURNS integer STABLE LANGUAGE plpgsql AS $$
                    BEGIN
                        PERFORM count(*) FROM generate_series(1, 1000);
                        RETURN i + 1;
                    END $$""");
            db.sql("CREATE TABLE worked (worker integer, rows bigint)");
            db.sql("""
                    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        INSERT INTO worked SELECT pg_backend_pid(), count(*) FROM changed;
                        RETURN NULL;
                    END $$""");
            db.sql("""
                    CREATE TRIGGER keep AFTER UPDATE ON orders REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION keep()""");

            var report = db.backhoe()
                    .run(
                            db.plan(TestDatabase.addOne().replace("n + 1", "slowly(n)") + "  " + TestDatabase.STEADY
                                    + "\n"),
                            new RunOptions(4, null, "test"),
                            new StopSignal(),
                            RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
            // Even without splitting, three of four workers would have had nothing to do for about a third of the time.
            long inJune = db.number("SELECT count(*) FROM backhoe.segment WHERE chunk = 6 AND phase = 'run'");
            assertThat(inJune).isGreaterThanOrEqualTo(3);
            assertThat(db.number("SELECT max(examined) FROM backhoe.segment WHERE chunk = 6"))
                    .isLessThan(15_000);
            assertThat(db.number("SELECT count(DISTINCT worker) FROM worked")).isGreaterThanOrEqualTo(4);
            assertThat(db.number("SELECT min(sum) FROM"
                            + " (SELECT sum(rows) FROM worked GROUP BY worker ORDER BY 1 DESC LIMIT 4) AS busiest"))
                    .isGreaterThan(4_000);
        }
    }
}
