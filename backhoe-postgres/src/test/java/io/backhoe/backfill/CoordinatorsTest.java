package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.database.Session;
import io.backhoe.embedded.Version;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunTable;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.Cause;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes want the same run. */
class CoordinatorsTest {
    private static final int ROWS = 20_000;
    private static final double SLOW = 0.0005;
    private static final int CHUNKS = 4;
    private static final int WORKERS = 3;

    @Test
    void aSecondOneIsRefusedWhileTheFirstGoesOn() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.pace(SLOW);
            try (var first = CrashProcess.ordered(db, scene.orderToRun(WORKERS))) {
                scene.awaitBatch(first, 0);
                int epoch = scene.epoch();
                try (var second = CrashProcess.ordered(db, "resume " + scene.runId())) {
                    assertThat(second.exit()).as("%s", second.said()).isEqualTo(8);
                }
                assertThat(first.isAlive()).isTrue();
                assertThat(scene.epoch()).isEqualTo(epoch);
                scene.pace(0);
                assertThat(first.exit()).as("%s", first.said()).isZero();
            }
            scene.everyRowHasOneMore();
        }
    }

    @Test
    void ofFourThatResumeADeadRunAtOnceOneExecutesIt() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(WORKERS);
            int epoch = scene.epoch();
            var four = new ArrayList<CrashProcess>();
            try {
                for (int i = 0; i < 4; i++) {
                    four.add(CrashProcess.start(db));
                }
                for (var process : four) {
                    process.order("resume " + scene.runId());
                }
                CrashScene.await(() -> four.stream().filter(p -> !p.isAlive()).count() == 3, "three refusals");
                scene.pace(0);
                var exits = new ArrayList<Integer>();
                for (var process : four) {
                    exits.add(process.exit());
                }
                assertThat(exits).containsExactlyInAnyOrder(0, 8, 8, 8);
            } finally {
                four.forEach(CrashProcess::close);
            }
            assertThat(scene.epoch()).isEqualTo(epoch + 1);
            scene.everyRowHasOneMore();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void oneThatWasAsleepFindsTheRunDoneByAnotherAndChangesNothing(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            try (var sleeper = asleep(scene)) {
                scene.pace(0);
                db.backhoe().resume(scene.runId(), OPTIONS, new StopSignal(), RunListener.NONE);
                scene.everyRowHasOneMore();
                String done = scene.fingerprint();

                sleeper.signal("CONT");

                assertThat(sleeper.exitWithin(Duration.ofSeconds(20)))
                        .as("%s", sleeper.said())
                        .isEqualTo(8);
                assertThat(scene.fingerprint()).isEqualTo(done);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void oneThatWasAsleepGivesWayAtOnceWhileAnotherIsStillAtIt(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            try (var sleeper = asleep(scene)) {
                int epoch = scene.epoch();
                try (var heir = CrashProcess.ordered(db, "resume " + scene.runId())) {
                    scene.awaitBatch(heir, epoch);

                    sleeper.signal("CONT");

                    assertThat(sleeper.exitWithin(Duration.ofSeconds(20)))
                            .as("%s", sleeper.said())
                            .isEqualTo(8);
                    assertThat(heir.isAlive()).isTrue();
                    assertThat(scene.epoch()).isEqualTo(epoch + 1);
                    scene.pace(0);
                    assertThat(heir.exit()).as("%s", heir.said()).isZero();
                }
            }
            scene.everyRowHasOneMore();
        }
    }

    @Test
    void pauseOfALivingRunIsObeyedSoon() throws Exception {
        obeysSoon("pause", "PAUSED");
    }

    @Test
    void cancelOfALivingRunIsObeyedSoon() throws Exception {
        obeysSoon("cancel", "CANCELLED");
    }

    private void obeysSoon(String verb, String state) throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.pace(SLOW);
            try (var process = CrashProcess.ordered(db, scene.orderToRun(WORKERS));
                    var asker = CrashProcess.start(db)) {
                scene.awaitBatch(process, 0);
                asker.order(verb + " " + scene.runId());
                CrashScene.await(() -> db.number("SELECT count(*) FROM backhoe.request") == 1, "the request");
                long asked = System.nanoTime();
                CrashScene.await(() -> scene.state().equals(state), process.said());
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
                assertThat(process.exit()).as("%s", process.said()).isEqualTo(9);
                assertThat(asker.exit()).as("%s", asker.said()).isEqualTo(9);
            }
            assertThat(db.one("SELECT outcome FROM backhoe.request")).isEqualTo(state);
            finishOrUndo(scene, state);
        }
    }

    @Test
    void pauseOfADeadRunPausesIt() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(WORKERS);
            db.backhoe().pause(scene.runId(), "test");
            assertThat(scene.state()).isEqualTo("PAUSED");
            finishOrUndo(scene, "PAUSED");
        }
    }

    @Test
    void cancelOfADeadRunCancelsIt() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(WORKERS);
            db.backhoe().cancel(scene.runId(), "test");
            assertThat(scene.state()).isEqualTo("CANCELLED");
            finishOrUndo(scene, "CANCELLED");
        }
    }

    /** It has the lock, and the run's state is still what it was when nobody executed it. */
    @Test
    void pauseOfOneThatBeginsJustNowIsNotAnsweredBeforeItHasBegun() throws Exception {
        try (var db = TestDatabase.create();
                var heir = db.database().open("heir", Map.of())) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(WORKERS);
            long run = scene.runId();
            db.backhoe().pause(run, "test");
            assertThat(RunTable.lock(heir, run)).isTrue();

            var pause = CompletableFuture.supplyAsync(() -> db.backhoe().pause(run, "test"));
            awaitRequests(db, 2);
            RunTable.move(heir, RunTable.find(heir, run).orElseThrow(), RunState.RUNNING, () -> {});
            heir.close();

            assertThat(pause.get().run().state()).isEqualTo(RunState.PAUSED);
            finishOrUndo(scene, "PAUSED");
        }
    }

    @Test
    void whoAsksWhileAnotherTakesOverAsksThatOneToo() throws Exception {
        try (var db = TestDatabase.create();
                var heir = db.database().open("heir", Map.of())) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.leaveDead(WORKERS);
            long run = scene.runId();
            assertThat(RunTable.lock(heir, run)).isTrue();

            var pause = CompletableFuture.supplyAsync(() -> db.backhoe().pause(run, new Cause("test", "lunch")));
            awaitRequests(db, 1);
            RequestTable.closeOlder(heir, run);
            awaitRequests(db, 2);
            assertThat(RequestTable.open(heir, run))
                    .singleElement()
                    .satisfies(r -> assertThat(r.requestedBy()).isEqualTo("test: lunch"));
            heir.close();

            assertThat(pause.get().run().state()).isEqualTo(RunState.PAUSED);
            assertThat(db.backhoe().account(run).events())
                    .as("one wish is told of once")
                    .filteredOn(e -> e.kind().equals("command") && e.message().equals("pause"))
                    .hasSize(1);
        }
    }

    @Test
    void pauseOfARollbackThatBeginsJustNowIsHeardByItAndWhatIsCancelledStaysSo() throws Exception {
        try (var db = TestDatabase.create();
                var heir = db.database().open("heir", Map.of())) {
            long run = leftDead(db);
            db.backhoe().cancel(run, "test");
            assertThat(RunTable.lock(heir, run)).isTrue();
            assertThat(db.backhoe().cancel(run, "test").run().state())
                    .as("at once, whoever has the lock")
                    .isEqualTo(RunState.CANCELLED);

            var pause = CompletableFuture.supplyAsync(() -> db.backhoe().pause(run, "test"));
            awaitRequests(db, 2);
            RequestTable.closeOlder(heir, run);
            beginsRollback(heir, run);
            awaitRequests(db, 3);
            heir.close();

            assertThat(pause.get().run().state()).isEqualTo(RunState.PAUSED);
            assertThat(db.number("SELECT count(DISTINCT at) FROM backhoe.request"))
                    .as("who asks again asks since he asked first")
                    .isEqualTo(2);
        }
    }

    @Test
    void cancelOfAPausedRunDoesNotCancelTheRollbackThatBeganMeanwhile() throws Exception {
        try (var db = TestDatabase.create();
                var heir = db.database().open("heir", Map.of())) {
            long run = leftDead(db);
            db.backhoe().pause(run, "test");
            assertThat(RunTable.lock(heir, run)).isTrue();

            var cancel = CompletableFuture.supplyAsync(() -> db.backhoe().cancel(run, "test"));
            awaitRequests(db, 2);
            RequestTable.closeOlder(heir, run);
            beginsRollback(heir, run);

            assertThatThrownBy(cancel::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.CONFLICT))
                    .hasMessageContaining("ROLLING_BACK by now");
            assertThat(db.number("SELECT count(*) FROM backhoe.request")).isEqualTo(2);
        }
    }

    private static long leftDead(TestDatabase db) throws Exception {
        var scene = new CrashScene(db, ROWS, CHUNKS);
        scene.leaveDead(WORKERS);
        return scene.runId();
    }

    private static void beginsRollback(Session heir, long run) {
        var found = RunTable.find(heir, run).orElseThrow().inPhase(Phase.UNDO);
        RunTable.move(heir, found, RunState.ROLLING_BACK, () -> {});
    }

    private static void awaitRequests(TestDatabase db, int count) throws SQLException {
        CrashScene.await(() -> db.number("SELECT count(*) FROM backhoe.request") == count, count + " requests");
    }

    private static void finishOrUndo(CrashScene scene, String state) throws Exception {
        scene.pace(0);
        var backhoe = scene.db().backhoe();
        if (state.equals("PAUSED")) {
            backhoe.resume(scene.runId(), OPTIONS, new StopSignal(), RunListener.NONE);
            scene.everyRowHasOneMore();
        } else {
            backhoe.rollback(scene.runId(), List.of(), OPTIONS, new StopSignal(), RunListener.NONE);
            scene.everyChangedRowIsAsBefore();
        }
    }

    /** A process in the middle of its run that has been stopped, and has lost its lock. */
    private static CrashProcess asleep(CrashScene scene) throws Exception {
        scene.pace(SLOW);
        var process = CrashProcess.ordered(scene.db(), scene.orderToRun(WORKERS));
        try {
            scene.awaitBatch(process, 0);
            process.signal("STOP");
            String control = "application_name = 'backhoe/" + scene.runId() + "' AND datname = current_database()";
            assertThat(scene.db().one("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE " + control))
                    .isEqualTo("t");
            return process;
        } catch (Exception | AssertionError e) {
            process.close();
            throw e;
        }
    }
}
