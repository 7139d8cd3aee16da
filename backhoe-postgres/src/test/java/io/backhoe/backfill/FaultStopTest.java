package io.backhoe.backfill;

import static io.backhoe.backfill.TestDatabase.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Backhoe;
import io.backhoe.embedded.Version;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.run.throttle.Losses;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever says stop does not wait for long, whatever the server is doing. */
class FaultStopTest {
    private static final int ROWS = 8_000;
    private static final int CHUNKS = 2;
    private static final Duration AT_MOST = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource(Version.class)
    void aStopEndsSlowBatchesWithinFiveSecondsAndLosesNothing(Version version) throws Exception {
        try (var db = TestDatabase.on(version)) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            // A batch of a thousand rows takes nine seconds: too long to be waited for.
            scene.pace(0.009);
            var stop = new StopSignal();
            var run = start(db.backhoe(), scene, stop);
            awaitBatch(scene);

            long asked = System.nanoTime();
            stop.request("SIGTERM");
            var report = run.join();

            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_MOST);
            assertThat(report.run().state()).isEqualTo(RunState.PAUSED);
            assertThat(report.run().exitCode()).isEqualTo(ExitCode.STOPPED.code());
            assertThat(report.run().reason()).contains("SIGTERM");
            finish(scene);
        }
    }

    @Test
    void aStopIsHeardWhileTheServerIsOutOfReach() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.pace(0.009);
            var stop = new StopSignal();
            var outage = FaultDatabase.none(db.database());
            var run = start(new Backhoe(outage), scene, stop);
            awaitBatch(scene);
            outage.goOut();

            long asked = System.nanoTime();
            stop.request("SIGTERM");

            assertThat(run.handle((report, error) -> error).join())
                    .isInstanceOf(CompletionException.class)
                    .extracting(Throwable::getCause)
                    .isInstanceOfSatisfying(
                            BackhoeException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.STOPPED));
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(AT_MOST.plusSeconds(1));
            finish(scene);
        }
    }

    @Test
    void whoeverListensHearsJustThenWhenTheServerIsOutOfReach() throws Exception {
        try (var db = TestDatabase.create()) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            scene.pace(0.009);
            var stop = new StopSignal();
            var outage = FaultDatabase.none(db.database());
            var heard = new AtomicInteger();
            var run = start(new Backhoe(outage), scene, stop, new RunListener() {
                @Override
                public void progress(Progress progress) {
                    if (Losses.CONNECTION.equals(progress.held())) {
                        heard.incrementAndGet();
                    }
                }
            });
            awaitBatch(scene);
            outage.goOut();

            CrashScene.await(() -> heard.get() >= 2, "news of the outage");
            stop.request("SIGTERM");
            assertThat(run.handle((report, error) -> error).join()).isInstanceOf(CompletionException.class);
            finish(scene);
        }
    }

    private static CompletableFuture<RunReport> start(Backhoe backhoe, CrashScene scene, StopSignal stop) {
        return start(backhoe, scene, stop, RunListener.NONE);
    }

    private static CompletableFuture<RunReport> start(
            Backhoe backhoe, CrashScene scene, StopSignal stop, RunListener listener) {
        var plan = scene.plan(2);
        return CompletableFuture.supplyAsync(() -> backhoe.run(plan, OPTIONS, stop, listener));
    }

    private static void awaitBatch(CrashScene scene) throws Exception {
        CrashScene.await(() -> scene.db().number("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name LIKE 'backhoe/%/%'
                          AND wait_event = 'PgSleep'
                        """) > 0, "a batch");
    }

    private static void finish(CrashScene scene) throws Exception {
        scene.pace(0);
        scene.db().backhoe().resume(scene.runId(), OPTIONS, new StopSignal(), RunListener.NONE);
        scene.everyRowHasOneMore();
    }
}
