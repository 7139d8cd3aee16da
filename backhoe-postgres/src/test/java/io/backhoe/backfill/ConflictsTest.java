package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.Conflict;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.OnConflict;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Taking back rows that the application has changed or deleted since. */
class ConflictsTest {
    private static final int ROWS = 10_000;

    /** 900 changed, 100 deleted, of those that the run filled. */
    private static RunReport filledAndChanged(TestDatabase db) throws SQLException {
        db.orders(ROWS);
        db.sql("CREATE TABLE original AS SELECT * FROM orders");
        var report = db.backhoe().run(db.plan(TestDatabase.fillTier()), OPTIONS, new StopSignal(), RunListener.NONE);
        db.sql("CREATE TABLE touched AS SELECT id FROM orders WHERE id % 50 > 0 ORDER BY md5(id::text) LIMIT 1000");
        db.sql("UPDATE orders SET tier = CASE WHEN id % 2 = 0 THEN '' ELSE 'live ' || id END"
                + " WHERE id IN (SELECT id FROM touched ORDER BY id LIMIT 900)");
        db.sql("DELETE FROM orders WHERE id IN (SELECT id FROM touched ORDER BY id OFFSET 900)");
        return report;
    }

    @Test
    void exactlyTheRowsThatTheApplicationChangedAreListedAndKept() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);
            String present = db.digest("orders");
            var found = new ArrayList<Conflict>();

            long total = db.backhoe().conflicts(report.run().id(), List.of(), found::add);

            assertThat(total).isEqualTo(1_000);
            assertThat(db.digest("orders")).isEqualTo(present);
            assertThat(
                            db.number(
                                    "SELECT count(*) FROM pg_indexes WHERE schemaname = 'backhoe' AND indexname LIKE 'before%'"))
                    .as("indexes that looking made")
                    .isZero();
            String touched = db.one("SELECT string_agg(id::text, ' ') FROM touched");
            assertThat(found.stream().map(c -> c.key().values().get(0)).toList())
                    .containsExactlyInAnyOrder(touched.split(" "));
            assertThat(found).filteredOn(c -> !c.there()).hasSize(100);
            var empty = found.stream()
                    .filter(c -> c.there() && Long.parseLong(c.key().values().get(0)) % 2 == 0)
                    .findFirst()
                    .orElseThrow();
            assertThat(empty.values().get(0).present()).isEmpty();
            assertThat(empty.values().get(0).before()).isNull();
            assertThat(empty.values().get(0).written()).startsWith("t");

            var undone = undo(db, report, OnConflict.SKIP);

            assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
            assertThat(undone.kept()).isEqualTo(1_000);
            assertThat(undone.restored()).isEqualTo(ROWS - ROWS / 50 - 1_000);
            assertThat(db.number("SELECT count(*) FROM orders o JOIN original b USING (id)"
                            + " WHERE o.tier IS DISTINCT FROM b.tier"))
                    .isEqualTo(900);
        }
    }

    @Test
    void rollingBackTwiceChangesNothing() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);
            undo(db, report, OnConflict.SKIP);
            String once = db.digest("orders");
            String versions = db.one("SELECT md5(string_agg(xmin::text, ',' ORDER BY id)) FROM orders");

            var twice = undo(db, report, OnConflict.SKIP);

            assertThat(twice.kept()).isEqualTo(1_000);
            assertThat(db.digest("orders")).isEqualTo(once);
            assertThat(db.one("SELECT md5(string_agg(xmin::text, ',' ORDER BY id)) FROM orders"))
                    .isEqualTo(versions);
            assertThat(db.backhoe().conflicts(report.run().id(), List.of(), c -> {}))
                    .isEqualTo(1_000);
        }
    }

    @Test
    void failRefusesBeforeAnythingIsWritten() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);
            String present = db.digest("orders");

            assertThatThrownBy(() -> undo(db, report, OnConflict.FAIL))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT);
                        assertThat(e.code()).isEqualTo("rows_changed_since");
                        assertThat(e.hint()).contains("--dry-run", "overwrite");
                    })
                    .hasMessageContaining("1000 rows")
                    .hasMessageContaining("Nothing was taken back");
            assertThat(db.digest("orders")).isEqualTo(present);
            assertThat(db.backhoe().report(report.run().id()).run().state()).isEqualTo(RunState.SUCCEEDED);

            db.sql("UPDATE orders o SET tier = NULL FROM original b WHERE b.id = o.id AND b.tier IS NULL");
            db.sql(
                    "INSERT INTO orders SELECT * FROM original b WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = b.id)");
            assertThat(undo(db, report, OnConflict.FAIL).run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.digest("orders")).isEqualTo(db.digest("original"));
        }
    }

    @Test
    void overwriteRestoresWhatIsStillThereAndCountsItApart() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);

            var undone = undo(db, report, OnConflict.OVERWRITE);

            overwritten(db, undone);
        }
    }

    @Test
    void overwriteReachesTheRowsThatAnEarlierRollbackLeftAlone() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);
            undo(db, report, OnConflict.SKIP);

            overwritten(db, undo(db, report, OnConflict.OVERWRITE));
        }
    }

    @Test
    void whoeverGoesOnWithARollbackOverwritesAsItWasAsked() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);
            var paused = db.backhoe()
                    .rollback(
                            report.run().id(),
                            new UndoOptions(List.of(), OnConflict.OVERWRITE),
                            new RunOptions(1, 2, "test"),
                            new StopSignal(),
                            RunListener.NONE);
            assertThat(paused.run().state()).isEqualTo(RunState.PAUSED);

            overwritten(db, db.backhoe().resume(report.run().id(), OPTIONS, new StopSignal(), RunListener.NONE));
        }
    }

    @Test
    void namingOneChunkDoesNotOverwriteTheOthersThatWait() throws Exception {
        try (var db = TestDatabase.create()) {
            var report = filledAndChanged(db);
            long id = report.run().id();
            db.backhoe()
                    .rollback(
                            id,
                            new UndoOptions(List.of(), OnConflict.SKIP),
                            new RunOptions(1, 1, "test"),
                            new StopSignal(),
                            RunListener.NONE);
            String present = db.digest("orders");

            assertThatThrownBy(() -> db.backhoe()
                            .rollback(
                                    id,
                                    new UndoOptions(List.of("2023-04"), OnConflict.OVERWRITE),
                                    OPTIONS,
                                    new StopSignal(),
                                    RunListener.NONE))
                    .isInstanceOfSatisfying(BackhoeException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT);
                        assertThat(e.code()).isEqualTo("other_on_conflict");
                        assertThat(e.hint())
                                .contains("backhoe resume 1", "backhoe rollback 1 --on-conflict overwrite reaches");
                    })
                    .hasMessageContaining("with --on-conflict skip: 2023-02, 2023-03");
            assertThat(db.backhoe().report(id).run().state()).isEqualTo(RunState.PAUSED);
            assertThat(db.digest("orders")).isEqualTo(present);

            var undone = db.backhoe().resume(id, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(undone.overwritten()).isZero();
            overwritten(db, undo(db, report, OnConflict.OVERWRITE));
        }
    }

    private static void overwritten(TestDatabase db, RunReport undone) throws SQLException {
        assertThat(undone.run().state()).isEqualTo(RunState.ROLLBACK_PARTIAL);
        assertThat(undone.overwritten()).isEqualTo(900);
        assertThat(undone.restored()).isEqualTo(ROWS - ROWS / 50 - 100);
        assertThat(undone.kept()).as("deleted ones").isEqualTo(100);
        assertThat(db.number("SELECT count(*) FROM orders o JOIN original b USING (id)"
                        + " WHERE o.tier IS DISTINCT FROM b.tier"))
                .isZero();
    }

    private static RunReport undo(TestDatabase db, RunReport report, OnConflict how) {
        return db.backhoe()
                .rollback(
                        report.run().id(),
                        new UndoOptions(List.of(), how),
                        OPTIONS,
                        new StopSignal(),
                        RunListener.NONE);
    }
}
