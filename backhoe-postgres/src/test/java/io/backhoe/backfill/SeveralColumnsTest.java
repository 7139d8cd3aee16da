package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeveralColumnsTest {
    private static final String SPEC = """
            backfill:
              name: two_columns
              scope:
                table: orders
                date_column: order_date
                date_range: { start: 2023-01-01, end: 2024-01-01 }
                where: "orders.n <> 13"
              transform:
                set:
                  tier: "c.tier"
                  note: "'n' || orders.n"
                from: "classes c"
                on: "c.n = orders.n"
                missing_when: { note: "note = ''" }
            """;

    @ParameterizedTest
    @EnumSource(Version.class)
    void eachIsKeptWhereItIsNotMissingItself(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(5_000);
            db.sql("ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT ''");
            db.sql("UPDATE orders SET note = 'mine' WHERE id % 3 = 0");
            db.sql("CREATE TABLE classes AS SELECT n, 'class' || n AS tier FROM generate_series(0, 89) n");
            String before = db.digest("orders");

            var report = db.backhoe().run(db.plan(SPEC), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("""
                            SELECT count(*) FROM orders WHERE
                              tier IS DISTINCT FROM CASE WHEN id % 50 = 0 THEN 'kept'
                                                         WHEN n < 90 AND n <> 13 THEN 'class' || n END
                              OR note IS DISTINCT FROM CASE WHEN id % 3 = 0 THEN 'mine'
                                                            WHEN n < 90 AND n <> 13 THEN 'n' || n ELSE '' END""")).isZero();

            var undone =
                    db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void oneChunkCanBeTakenBackAloneAndTheRestLater(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(5_000);
            String before = db.digest("orders");
            var report = db.backhoe().run(db.plan(TestDatabase.addOne()), OPTIONS, new StopSignal(), RunListener.NONE);

            var march = db.backhoe()
                    .rollback(report.run().id(), List.of("2023-03"), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(march.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(march.run().exitCode()).isZero();
            assertThat(db.number("SELECT count(*) FROM orders WHERE n = id % 100"))
                    .isEqualTo(
                            db.number(
                                    "SELECT count(*) FROM orders WHERE order_date >= '2023-03-01Z' AND order_date < '2023-04-01Z'"));

            var rest = db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(rest.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }
}
