package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
            List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
            var listener = new RunListener() {
                @Override
                public void progress(Progress progress) {
                    seen.add(progress);
                }
            };

            var report = db.backhoe()
                    .run(
                            db.plan(TestDatabase.addOne().replace("n + 1", "slowly(n)")),
                            new RunOptions(4, null, "test"),
                            new StopSignal(),
                            listener);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT count(*) FROM orders WHERE n <> id % 100 + 1"))
                    .isZero();
            // Even without splitting, three of four workers would have had nothing to do for about a third of the time.
            long inJune = db.number("SELECT count(*) FROM backhoe.segment WHERE chunk = 6 AND phase = 'run'");
            assertThat(inJune).isGreaterThanOrEqualTo(3);
            assertThat(db.number("SELECT max(examined) FROM backhoe.segment WHERE chunk = 6"))
                    .isLessThan(15_000);
            long busy = seen.stream().filter(p -> p.pace().busy() == 4).count();
            assertThat(busy).isGreaterThanOrEqualTo(seen.size() * 2L / 3);
        }
    }
}
