package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.embedded.Version;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code kill -9}, lost connections and second coordinators do to a run: nothing. */
class CrashTest {
    /** Work for all the rounds, however long they take on a busy machine. */
    private static final int ROWS = 250_000;

    private static final int KILLS = 25;
    private static final int KILLS_OF_UNDO = 10;
    private static final int CUTS = 6;
    private static final double SLOW = 0.0005;

    /** Four chunks and five workers, so that parts are split off and given away all the time. */
    private static final int CHUNKS = 4;

    private static final int WORKERS = CHUNKS + 1;

    @ParameterizedTest
    @EnumSource(Version.class)
    void killedAgainAndAgainItChangesEachRowOnceAndTakesEachBackOnce(Version version) throws Exception {
        long seed = Long.getLong("backhoe.crash.seed", System.nanoTime());
        System.out.println("CrashTest on " + version + ": -Dbackhoe.crash.seed=" + seed);
        var random = new Random(seed);
        try (var db = TestDatabase.on(version)) {
            var scene = new CrashScene(db, ROWS, CHUNKS);
            assertThat(scene.plan(WORKERS).sql().repeatableRead()).isEqualTo(version == Version.OLDEST);
            try (var storm = new CrashStorm(scene, random)) {
                scene.pace(SLOW);
                storm.killAndCut(
                        KILLS, CUTS, () -> scene.runId() == 0 ? scene.orderToRun(WORKERS) : "resume " + scene.runId());
                scene.pace(0);
                storm.finish("resume " + scene.runId());
                scene.everyRowHasOneMore();

                scene.pace(SLOW);
                storm.kill(
                        KILLS_OF_UNDO,
                        () -> (scene.state().equals("SUCCEEDED") ? "rollback " : "resume ") + scene.runId());
                scene.pace(0);
                storm.finish("resume " + scene.runId());
                scene.everythingIsAsBefore();
                assertThat(storm.conflicts()).as("second coordinators").isPositive();
            }
        }
    }
}
