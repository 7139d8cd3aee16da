package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody writes to a row in the very moment between looking at it and changing it. */
class RaceTest {
    @Test
    void aWriteBetweenCaptureAndUpdateIsNeitherOverwrittenNorForgottenByUndo() throws Exception {
        // Before version 18 an expression over its own column takes two statements: this is the gap between them.
        try (var db = TestDatabase.on(Version.OLDEST)) {
            db.orders(300);
            var writes = new AtomicInteger();
            var racing = Interposed.before(db.database(), sql -> {
                if (sql.startsWith("UPDATE") && sql.contains("orders") && writes.incrementAndGet() == 1) {
                    run(db, "UPDATE orders SET n = 5000 WHERE id = 7");
                }
            });
            var plan = db.plan(TestDatabase.addOne());
            assertThat(plan.sql().repeatableRead()).isTrue();

            var report =
                    new Backhoe(racing).run(plan, new RunOptions(1, null, "test"), new StopSignal(), RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.number("SELECT n FROM orders WHERE id = 7")).isEqualTo(5001);
            assertThat(db.number("SELECT count(*) FROM backhoe.attempt WHERE sqlstate = '40001'"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(db.number("SELECT count(*) FROM backhoe.before_image_"
                            + report.run().id()))
                    .isEqualTo(300);

            db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(db.number("SELECT n FROM orders WHERE id = 7")).isEqualTo(5000);
            assertThat(db.number("SELECT count(*) FROM orders WHERE id <> 7 AND n <> id % 100"))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aValueThatAppearsJustBeforeTheWriteStays(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(300);
            var writes = new AtomicInteger();
            var racing = Interposed.before(db.database(), sql -> {
                if (sql.contains("UPDATE") && sql.contains("orders") && writes.incrementAndGet() == 1) {
                    run(db, "UPDATE orders SET tier = 'live' WHERE id = 7");
                }
            });

            var report = new Backhoe(racing)
                    .run(
                            db.plan(TestDatabase.fillTier()),
                            new RunOptions(1, null, "test"),
                            new StopSignal(),
                            RunListener.NONE);

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(db.one("SELECT tier FROM orders WHERE id = 7")).isEqualTo("live");
            assertThat(report.changed()).isEqualTo(300 - 6 - 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void undoKeepsARowThatChangesJustBeforeItWouldBeRestored(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            db.orders(300);
            var report = db.backhoe().run(db.plan(TestDatabase.addOne()), OPTIONS, new StopSignal(), RunListener.NONE);
            var writes = new AtomicInteger();
            var racing = Interposed.before(db.database(), sql -> {
                if (sql.contains("before_image") && sql.contains("orders") && writes.incrementAndGet() == 1) {
                    run(db, "UPDATE orders SET n = 5000 WHERE id = 7");
                }
            });

            var undone = new Backhoe(racing)
                    .rollback(
                            report.run().id(),
                            List.of(),
                            new RunOptions(1, null, "test"),
                            new StopSignal(),
                            RunListener.NONE);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(undone.kept()).isEqualTo(1);
            assertThat(undone.restored()).isEqualTo(299);
            assertThat(db.number("SELECT n FROM orders WHERE id = 7")).isEqualTo(5000);
        }
    }

    private static void run(TestDatabase db, String sql) {
        try (var connection = db.connect();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
