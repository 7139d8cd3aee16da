package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.database.DatabaseException;
import io.backhoe.embedded.Version;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.undo.UndoOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows are inserted while processes die, commits fail, and others insert the very same rows. */
class GapFillUnderWayTest {
    private static final int KILLS = 4;

    @Test
    void killedAgainAndAgainItInsertsEachRowOnceAndTakesEachBackOnce() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new GapScene(db, 200);
            db.sql("CREATE TABLE pace AS SELECT CAST(0.001 AS double precision) AS seconds");
            db.sql("""
                    CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        PERFORM pg_sleep(seconds) FROM public.pace WHERE seconds > 0;
                        RETURN coalesce(NEW, OLD);
                    END
                    $$
                    """);
            db.sql("CREATE TRIGGER slow BEFORE INSERT OR DELETE ON received FOR EACH ROW EXECUTE FUNCTION take_time()");

            int inside = killed(db, GapScene.order(GapScene.SPEC), "resume 1", "pending', 'running");
            db.sql("UPDATE pace SET seconds = 0");
            var report = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(inside).isPositive();
            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isEqualTo(scene.missing());
            assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(91 * 200);
            assertThat(db.number("SELECT count(*) FROM backhoe.before_image_1")).isEqualTo(scene.missing());

            db.sql("UPDATE pace SET seconds = 0.001");
            assertThat(killed(db, "rollback 1", "resume 1", "success")).isPositive();
            db.sql("UPDATE pace SET seconds = 0");
            var undone = db.backhoe().resume(1, OPTIONS, new StopSignal(), RunListener.NONE);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(undone.restored()).isEqualTo(scene.missing());
            assertThat(db.digest("received")).isEqualTo(db.digest("original"));
        }
    }

    /** @return how many of the kills came while chunks in one of these states were left */
    private static int killed(TestDatabase db, String first, String then, String left) throws Exception {
        int inside = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long before = written(db);
            try (var process = CrashProcess.ordered(db, kill == 0 ? first : then)) {
                CrashScene.await(() -> !process.isAlive() || written(db) != before, process.said());
                process.kill();
            }
            if (db.number("SELECT count(*) FROM backhoe.chunk WHERE state IN ('" + left + "')") > 0) {
                inside++;
            }
        }
        return inside;
    }

    private static long written(TestDatabase db) throws SQLException {
        return db.number("SELECT count(*) FROM received");
    }

    @Test
    void noCommitThatFailsOrWhoseOutcomeIsUnknownInsertsARowTwice() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new GapScene(db, 5);
            var plan = scene.plan(GapScene.SPEC);
            for (var kind : new FaultKind[] {FaultKind.LOST_DURING, FaultKind.LOST_AFTER, FaultKind.DEAD_AFTER}) {
                for (int at = 1; at <= 12; at++) {
                    var faulty = FaultDatabase.atCommit(db.database(), kind, at);
                    try {
                        new Backhoe(faulty).run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
                    } catch (DatabaseException | BackhoeException e) {
                        // That is the fault; whatever it left behind is gone on with.
                        assertThat(e).hasMessageNotContaining("duplicate key");
                    }
                    long run = db.one("SELECT to_regclass('backhoe.run')") == null
                            ? 0
                            : db.number("SELECT coalesce(max(run_id), 0) FROM backhoe.run");
                    if (run == 0) {
                        continue;
                    }
                    if (!db.one("SELECT state FROM backhoe.run WHERE run_id = " + run)
                            .equals("SUCCEEDED")) {
                        db.backhoe().resume(run, OPTIONS, new StopSignal(), RunListener.NONE);
                    }
                    assertThat(db.number("SELECT count(*) FROM backhoe.before_image_" + run))
                            .as(kind + " at " + at)
                            .isEqualTo(scene.missing());
                    db.backhoe().rollback(run, UndoOptions.ALL, OPTIONS, new StopSignal(), RunListener.NONE);
                    assertThat(db.digest("received")).isEqualTo(db.digest("original"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatOthersInsertMeanwhileIsTheirs(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            var scene = new GapScene(db, 400);
            var stop = new AtomicBoolean();
            var begun = new CountDownLatch(50);
            var thread = Executors.newSingleThreadExecutor();
            var application = thread.submit(() -> {
                try (var connection = db.connect();
                        var statement = connection.createStatement()) {
                    for (int i = 0; !stop.get(); i++) {
                        // From both ends of February, so that it meets the run in the middle.
                        int id = 31 * 400 + (i % 2 == 0 ? i : 29 * 400 - i) % (29 * 400);
                        statement.execute("INSERT INTO received SELECT id, day, -1, 'live' FROM sent WHERE id = " + id
                                + " ON CONFLICT DO NOTHING");
                        begun.countDown();
                    }
                }
                return null;
            });
            begun.await();

            var report = scene.run(GapScene.SPEC);
            stop.set(true);
            application.get();
            thread.shutdown();

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            long live = db.number("SELECT count(*) FROM received WHERE note = 'live' AND amount = -1");
            assertThat(live).isPositive();
            assertThat(report.changed()).isEqualTo(scene.missing() - live);
            assertThat(db.number("SELECT count(*) FROM received")).isEqualTo(91 * 400);

            var undone = scene.undo(report, UndoOptions.ALL);
            assertThat(undone.run().state()).isEqualTo(RunState.ROLLED_BACK);
            assertThat(db.number("SELECT count(*) FROM received WHERE note = 'live'"))
                    .isEqualTo(live);
            assertThat(db.number("SELECT count(*) FROM received WHERE note = 'inserted'"))
                    .isZero();
        }
    }

    @Test
    void withoutAUniqueIndexNobodyInsertsTheSameRowBesides() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new GapScene(db, 100);
            db.sql("CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payment bigint, day date)");
            db.sql("CREATE INDEX ON log (payment)");
            var stop = new AtomicBoolean();
            var begun = new CountDownLatch(20);
            var thread = Executors.newSingleThreadExecutor();
            // An application that looks before it inserts, as one without a unique index has to.
            var application = thread.submit(() -> {
                try (var connection = db.connect();
                        var statement = connection.createStatement()) {
                    for (int i = 9_099; !stop.get() && i > 0; i--) {
                        statement.execute("BEGIN; LOCK TABLE log IN SHARE ROW EXCLUSIVE MODE;"
                                + " INSERT INTO log (payment, day) SELECT id, day FROM sent WHERE id = " + i
                                + " AND NOT EXISTS (SELECT FROM log WHERE payment = " + i + "); COMMIT");
                        begun.countDown();
                    }
                }
                return null;
            });
            begun.await();

            var report = scene.run(GapScene.spec(
                    "table: received", "table: log",
                    "SELECT id, day, amount FROM sent", "SELECT id AS payment, day FROM sent\n    key: [payment]"));
            stop.set(true);
            application.get();
            thread.shutdown();

            assertThat(report.run().state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(report.changed()).isPositive().isLessThan(9_100);
            assertThat(db.number("SELECT count(*) FROM log")).isEqualTo(9_100);
            assertThat(db.number("SELECT count(DISTINCT payment) FROM log")).isEqualTo(9_100);
            scene.undo(report, UndoOptions.ALL);
            assertThat(db.number("SELECT count(*) FROM log")).isEqualTo(9_100 - report.changed());
        }
    }
}
