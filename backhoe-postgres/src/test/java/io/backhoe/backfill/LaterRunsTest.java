package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.embedded.Version;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.Conflict;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Taking back a run when a later one has written some of its rows since. */
class LaterRunsTest {
    @ParameterizedTest
    @EnumSource(Version.class)
    void whatALaterRunFilledWithTheSameValueStays(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            filledTwice(db);
            var found = new ArrayList<Conflict>();

            long total = db.backhoe().conflicts(1, List.of(), found::add);

            assertThat(total).isEqualTo(3);
            assertThat(found)
                    .allSatisfy(c -> {
                        assertThat(c.laterRun()).isEqualTo(2);
                        assertThat(c.values().get(0).present())
                                .isEqualTo(c.values().get(0).written());
                    })
                    .extracting(c -> c.key().values().get(0))
                    .containsExactly("1", "2", "999");
            assertThatThrownBy(() -> undo(db, 1, OnConflict.FAIL))
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                    .hasMessageContaining("3 rows");

            var undone = undo(db, 1, OnConflict.SKIP);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(undone.run().reason()).isEqualTo("3 rows changed since, or written since by run 2, and kept");
            assertThat(undone.kept()).isEqualTo(3);
            assertThat(filled(db)).isEqualTo(3);
            assertThat(db.backhoe().conflicts(1, List.of(), c -> {})).isEqualTo(3);

            assertThat(undo(db, 2, OnConflict.SKIP).run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(filled(db)).isZero();
        }
    }

    @Test
    void aLaterRunThatWasTakenBackIsNobody() throws Exception {
        try (var db = TestDatabase.create()) {
            filledTwice(db);
            db.backhoe().rollback(2, List.of("2023-12"), OPTIONS, new StopSignal(), RunListener.NONE);
            db.sql("UPDATE orders SET tier = 't' || n WHERE id = 999");

            assertThat(undo(db, 1, OnConflict.SKIP).kept()).as("two of January").isEqualTo(2);

            assertThat(undo(db, 2, OnConflict.SKIP).run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(filled(db)).isZero();
        }
    }

    @Test
    void overwriteTakesAwayWhatALaterRunFilledToo() throws Exception {
        try (var db = TestDatabase.create()) {
            filledTwice(db);

            var undone = undo(db, 1, OnConflict.OVERWRITE);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.overwritten()).isEqualTo(3);
            assertThat(filled(db)).isZero();
        }
    }

    @Test
    void aColumnThatALaterRunLeftAsItWasIsNotItsOwn() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD label text");
            run(db, TestDatabase.fillTier());
            db.sql("UPDATE orders SET tier = NULL WHERE id = 5");
            run(
                    db,
                    TestDatabase.fillTier()
                            .replace("{ tier: \"'t' || n\" }", "{ label: \"'l'\", tier: \"'t' || n\" }"));

            var undone = undo(db, 1, OnConflict.SKIP);

            assertThat(undone.kept()).isEqualTo(1);
            assertThat(filled(db)).isEqualTo(1);
            assertThat(db.number("SELECT count(*) FROM orders WHERE label = 'l'"))
                    .isEqualTo(1_000);
        }
    }

    @Test
    void aColumnThatThisRunLeftAsItWasIsNotItsOwnEither() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            db.sql("ALTER TABLE orders ADD label text");
            db.sql("UPDATE orders SET tier = 'theirs'");
            run(
                    db,
                    TestDatabase.fillTier()
                            .replace("{ tier: \"'t' || n\" }", "{ label: \"'l'\", tier: \"'t' || n\" }"));
            run(
                    db,
                    TestDatabase.addOne()
                            .replace("add_one", "tiers")
                            .replace("{ n: \"n + 1\" }", "{ tier: \"'new'\" }"));

            var undone = undo(db, 1, OnConflict.SKIP);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.number("SELECT count(*) FROM orders WHERE label IS NULL AND tier = 'new'"))
                    .isEqualTo(1_000);
        }
    }

    @Test
    void whatALaterRunHasPutBackIsAsItWas() throws Exception {
        try (var db = TestDatabase.create()) {
            db.orders(1_000);
            run(db, TestDatabase.addOne());
            run(db, TestDatabase.addOne().replace("add_one", "take_one").replace("n + 1", "n - 1"));

            assertThat(db.backhoe().conflicts(1, List.of(), c -> {})).isZero();
            var undone = undo(db, 1, OnConflict.OVERWRITE);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.kept()).isZero();
        }
    }

    @Test
    void aRunOfOtherColumnsOrOneThatWasPurgedDoesNotCount() throws Exception {
        try (var db = TestDatabase.create()) {
            filledTwice(db);
            run(db, TestDatabase.addOne());
            db.backhoe().purge(2, new Cause("test", null));

            assertThat(db.backhoe().conflicts(1, List.of(), c -> {})).isZero();
            assertThat(undo(db, 1, OnConflict.SKIP).run().state()).isEqualTo(RunState.ROLLED_BACK);
        }
    }

    /** Run 1 fills all; of three rows the value is lost, and run 2 fills it again. */
    private static void filledTwice(TestDatabase db) throws SQLException {
        db.orders(1_000);
        run(db, TestDatabase.fillTier());
        db.sql("UPDATE orders SET tier = NULL WHERE id IN (1, 2, 999)");
        run(db, TestDatabase.fillTier().replace("fill_tier", "again"));
    }

    private static long filled(TestDatabase db) throws SQLException {
        return db.number("SELECT count(*) FROM orders WHERE tier IS NOT NULL AND tier <> 'kept'");
    }

    private static RunReport run(TestDatabase db, String spec) {
        var report = db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
        assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
        return report;
    }

    private static RunReport undo(TestDatabase db, long run, OnConflict how) {
        return db.backhoe().rollback(run, new UndoOptions(List.of(), how), OPTIONS, new StopSignal(), RunListener.NONE);
    }
}
