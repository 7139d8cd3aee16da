package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run, then rollback, is as before, to the last byte. */
class UndoPropertyTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsTakenBackIsAsItWas(long seed) throws Exception {
        var random = new Random(seed);
        try (var db = TestDatabase.create()) {
            var table = ManyTypes.in(db, random, 1 + random.nextInt(6));
            String before = table.digest();
            String spec = table.spec();

            var report = db.backhoe().run(db.plan(spec), OPTIONS, new StopSignal(), RunListener.NONE);
            String after = table.digest();
            assertThat(report.run().state()).as("seed %s, %s", seed, table).isEqualTo(RunState.SUCCEEDED);
            assertThat(after).as("seed %s, %s", seed, table).isNotEqualTo(before);
            assertThat(db.backhoe().conflicts(report.run().id(), List.of(), c -> {}))
                    .as("seed %s, %s", seed, table)
                    .isZero();
            var undone =
                    db.backhoe().rollback(report.run().id(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);

            assertThat(undone.run().state()).as("seed %s, %s", seed, table).isEqualTo(RunState.ROLLED_BACK);
            assertThat(table.digest()).as("seed %s, %s", seed, table).isEqualTo(before);
        }
    }

    @Test
    void andSoItIsWhenBothAreKilledInTheMiddle() throws Exception {
        var random = new Random(42);
        try (var db = TestDatabase.create()) {
            var table = ManyTypes.in(db, random, 100);
            pace(db, 0.002);
            db.sql("CREATE TRIGGER take_time BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION take_time()");
            String before = table.digest();

            kill(db, "run " + Base64.getEncoder().encodeToString(table.spec().getBytes(StandardCharsets.UTF_8)), "run");
            kill(db, "resume 1", "run");
            assertThat(finish(db, "resume 1")).isZero();
            assertThat(table.digest()).isNotEqualTo(before);
            kill(db, "rollback 1", "undo");
            kill(db, "resume 1", "undo");
            assertThat(finish(db, "resume 1")).isZero();

            assertThat(db.one("SELECT state FROM backhoe.run")).isEqualTo("ROLLED_BACK");
            assertThat(table.digest()).isEqualTo(before);
        }
    }

    /** In the middle of the work: some of it is done that was not, and some is left. */
    private static void kill(TestDatabase db, String order, String phase) throws Exception {
        String done = "SELECT coalesce(sum(examined), 0) FROM backhoe.segment WHERE phase = '" + phase + "'";
        boolean begun = db.one("SELECT to_regclass('backhoe.segment')") != null;
        long was = begun ? db.number(done) : 0;
        try (var process = CrashProcess.ordered(db, order)) {
            CrashScene.await(
                    () -> db.one("SELECT to_regclass('backhoe.segment')") != null && db.number(done) > was,
                    "a batch after " + order);
            process.kill();
        }
        assertThat(db.number(done)).as(order).isLessThan(347);
    }

    private static int finish(TestDatabase db, String order) throws Exception {
        pace(db, 0);
        try (var process = CrashProcess.ordered(db, order)) {
            int exit = process.exit();
            assertThat(exit).as("%s", process.said()).isZero();
            return exit;
        } finally {
            pace(db, 0.002);
        }
    }

    /** How long each row takes that is written from now on. */
    private static void pace(TestDatabase db, double seconds) throws SQLException {
        db.sql("CREATE OR REPLACE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " BEGIN PERFORM pg_sleep(" + seconds + "); RETURN NEW; END $$");
    }
}
