package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.database.DatabaseException;
import io.backhoe.embedded.Version;
import io.backhoe.plan.Plan;
import io.backhoe.run.RunListener;
import io.backhoe.run.RunOptions;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Something goes wrong at every single commit in turn, and then at every single statement. */
class FaultPointTest {
    private static final int ROWS = 4_000;
    private static final int FEW_ROWS = 1_500;

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Version.CURRENT, FaultKind.LOST_BEFORE),
                Arguments.of(Version.CURRENT, FaultKind.LOST_AFTER),
                Arguments.of(Version.CURRENT, FaultKind.LOST_DURING),
                Arguments.of(Version.CURRENT, FaultKind.DEAD_BEFORE),
                Arguments.of(Version.OLDEST, FaultKind.LOST_DURING),
                Arguments.of(Version.OLDEST, FaultKind.DEAD_AFTER));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void noCommitIsOneTooManyOrOneTooFew(Version version, FaultKind kind) throws Exception {
        try (var db = TestDatabase.on(version)) {
            var scene = new CrashScene(db, ROWS, 1);
            var plan = scene.plan(2);
            boolean happened = true;
            for (int at = 1; happened; at++) {
                happened = round(scene, plan, FaultDatabase.atCommit(db.database(), kind, at))
                        | undo(scene, FaultDatabase.atCommit(db.database(), kind, at));
                assertThat(at).as("commits").isLessThan(100);
            }
        }
    }

    @Test
    void noStatementIsOneTooManyOrOneTooFew() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, FEW_ROWS, 1);
            var plan = scene.plan(1);
            boolean happened = true;
            for (int at = 1; happened; at++) {
                happened = round(scene, plan, FaultDatabase.atCall(db.database(), FaultKind.LOST_AFTER, at))
                        | undo(scene, FaultDatabase.atCall(db.database(), FaultKind.LOST_AFTER, at));
                assertThat(at).as("statements").isLessThan(300);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultKind.class,
            names = {"HALT_BEFORE", "HALT_DURING", "HALT_AFTER"})
    void noProcessEndsAtAWrongMoment(FaultKind kind) throws Exception {
        try (var db = TestDatabase.create();
                var processes = new CrashRelay(db)) {
            var scene = new CrashScene(db, FEW_ROWS, 1);
            var plan = scene.plan(1);
            boolean halted = true;
            for (int at = 1; halted; at++) {
                long former = scene.runId();
                halted = isHalted(processes, scene.orderToRun(1) + " " + kind + " " + at);
                goOn(scene, plan, former);
                scene.everyRowHasOneMore();
                halted |= isHalted(processes, "rollback " + scene.runId() + " " + kind + " " + at);
                goOnWithUndo(scene);
                scene.everythingIsAsBefore();
                assertThat(at).as("commits").isLessThan(100);
            }
        }
    }

    @Test
    void theChunksThatWaitForTheirRollbackAreNotCalledRolledBack() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, 4);
            run(db.backhoe(), scene.plan(2));
            var oneChunk = new RunOptions(1, 1, "test");

            var first = db.backhoe().rollback(scene.runId(), List.of(), oneChunk, new StopSignal(), RunListener.NONE);

            assertThat(first.run().state()).isEqualTo(RunState.PAUSED);
            resume(db.backhoe(), scene.runId());
            scene.everythingIsAsBefore();
        }
    }

    private static boolean isHalted(CrashRelay processes, String order) throws Exception {
        try (var process = processes.next()) {
            int exit = process.order(order).exit();
            assertThat(exit).as("%s", process.said()).isIn(0, 137);
            return exit == 137;
        }
    }

    /** @return whether it has come to the fault */
    private static boolean round(CrashScene scene, Plan plan, FaultDatabase faulty) throws Exception {
        long former = scene.runId();
        attempt(faulty, scene, () -> run(new Backhoe(faulty), plan));
        goOn(scene, plan, former);
        scene.everyRowHasOneMore();
        return faulty.happened();
    }

    private static void goOn(CrashScene scene, Plan plan, long formerRun) throws SQLException {
        if (scene.runId() == formerRun) {
            run(scene.db().backhoe(), plan);
        } else {
            resume(scene.db().backhoe(), scene.runId());
        }
    }

    private static boolean undo(CrashScene scene, FaultDatabase faulty) throws Exception {
        attempt(faulty, scene, () -> undo(new Backhoe(faulty), scene.runId()));
        goOnWithUndo(scene);
        scene.everythingIsAsBefore();
        return faulty.happened();
    }

    private interface Work {
        void run() throws SQLException;
    }

    private static void attempt(FaultDatabase faulty, CrashScene scene, Work work) throws Exception {
        try {
            work.run();
        } catch (DatabaseException | BackhoeException e) {
            assertThat(faulty.happened()).as("%s", e).isTrue();
            boolean dead = e instanceof BackhoeException known && known.code().equals("dead");
            // Once it holds its lock an executor gets over a lost connection by itself.
            assertThat(dead || isOutsideOfTheRun(faulty.where()))
                    .as("%s at %s", e, faulty.where())
                    .isTrue();
        } finally {
            faulty.awaitLate();
        }
    }

    private static boolean isOutsideOfTheRun(String where) {
        return !where.matches("backhoe/[0-9].*") || where.contains("pg_try_advisory_lock");
    }

    private static void goOnWithUndo(CrashScene scene) throws SQLException {
        if (scene.state().equals("SUCCEEDED")) {
            undo(scene.db().backhoe(), scene.runId());
        } else {
            resume(scene.db().backhoe(), scene.runId());
        }
    }

    private static void run(Backhoe backhoe, Plan plan) {
        backhoe.run(plan, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static void resume(Backhoe backhoe, long run) {
        backhoe.resume(run, OPTIONS, new StopSignal(), RunListener.NONE);
    }

    private static void undo(Backhoe backhoe, long run) {
        backhoe.rollback(run, List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
    }
}
