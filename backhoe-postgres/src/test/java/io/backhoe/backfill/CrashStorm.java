package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Process after process that works on the newest run, each killed at a random moment, some of them harassed before. */
final class CrashStorm implements AutoCloseable {
    private static final int MOST_ROUNDS = 80;

    private final CrashScene scene;
    private final Random random;
    private final CrashRelay processes;
    private int inside;
    private int cuts;
    private int conflicts;

    CrashStorm(CrashScene scene, Random random) throws IOException {
        this.scene = scene;
        this.random = random;
        this.processes = new CrashRelay(scene.db());
    }

    interface Order {
        String now() throws SQLException;
    }

    /** Kills until so many kills have landed inside the work: taken over, and something of it left. */
    void kill(int times, Order order) throws Exception {
        killAndCut(times, 0, order);
    }

    /** As {@link #kill}, and on until so many sessions were cut as well while their process ran. */
    void killAndCut(int times, int wantedCuts, Order order) throws Exception {
        inside = 0;
        cuts = 0;
        for (int round = 0; inside < times || cuts < wantedCuts; round++) {
            assertThat(round)
                    .as("rounds for %s kills, %s inside, %s of %s cuts", times, inside, cuts, wantedCuts)
                    .isLessThan(MOST_ROUNDS);
            try (var process = processes.next()) {
                round(process, order.now());
            }
        }
    }

    /** The last process works undisturbed. */
    void finish(String order) throws Exception {
        try (var process = processes.next()) {
            assertThat(process.order(order).exit()).as("%s", process.said()).isZero();
        }
    }

    /** How many times a second process was sent against one that worked. */
    int conflicts() {
        return conflicts;
    }

    private void round(CrashProcess process, String order) throws Exception {
        int epoch = scene.epoch();
        process.order(order);
        boolean atStart = random.nextInt(6) == 0;
        if (!atStart) {
            scene.awaitTakeover(process, epoch);
            int harm = random.nextInt(10);
            if (harm == 0) {
                sendSecond();
            } else if (harm < 7) {
                linger(400);
                cutSession();
            }
        }
        linger(500);
        assertThat(process.isAlive()).as("%s", process.said()).isTrue();
        process.kill();
        if (scene.epoch() > epoch && scene.hasWorkLeft()) {
            inside++;
        }
    }

    private void sendSecond() throws Exception {
        try (var second = processes.next()) {
            assertThat(second.order("resume " + scene.runId()).exit())
                    .as("%s", second.said())
                    .isEqualTo(8);
            conflicts++;
        }
    }

    private void cutSession() throws SQLException {
        String label = "backhoe/" + scene.runId();
        var sessions = new ArrayList<>(List.of(scene.db()
                .one("SELECT coalesce(string_agg(pid::text, ' ' ORDER BY pid), '') FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND application_name "
                        + (random.nextInt(3) == 0 ? "= '" + label + "'" : "LIKE '" + label + "/%'"))
                .split(" ", -1)));
        String victim = sessions.get(random.nextInt(sessions.size()));
        if (!victim.isEmpty()) {
            cuts += scene.db()
                            .one("SELECT pg_terminate_backend(" + victim + ")")
                            .equals("t")
                    ? 1
                    : 0;
        }
    }

    private void linger(int mostMillis) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(mostMillis)).toNanos());
    }

    @Override
    public void close() {
        processes.close();
    }
}
