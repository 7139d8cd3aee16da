package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.ChunkState;
import io.backhoe.value.RunState;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From spec to proof to undo, on the oldest and the newest server. */
class BackfillTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void fillsWhatIsMissingKeepsWhatIsThereAndTakesItBack(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(20_000);
            String before = db.digest("orders");

            var report =
                    db.backhoe().run(db.plan(TestDatabase.fillTier()), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.count(ChunkState.SUCCESS)).isEqualTo(12);
            assertThat(report.examined()).isEqualTo(20_000);
            assertThat(report.changed()).isEqualTo(19_600);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 't' || n"))
                    .isEqualTo(19_600);
            assertThat(db.number("SELECT count(*) FROM orders WHERE tier = 'kept'"))
                    .isEqualTo(400);

            var undone =
                    db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.restored()).isEqualTo(19_600);
            assertThat(undone.kept()).isZero();
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void overwritesOnceAndTakesItBack(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(20_000);
            String before = db.digest("orders");
            long sum = db.number("SELECT sum(n) FROM orders");

            var report = db.backhoe().run(db.plan(TestDatabase.addOne()), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(20_000);
            assertThat(db.number("SELECT sum(n) FROM orders")).isEqualTo(sum + 20_000);

            db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(db.digest("orders")).isEqualTo(before);
        }
    }
}
