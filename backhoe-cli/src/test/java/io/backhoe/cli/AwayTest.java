package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database does not answer those who look at a run, for a while. */
@Timeout(120)
class AwayTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(12_000);

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void whoFollowsGoesOnAndMissesNothing() throws Exception {
        String spec = Specs.write(folder, "slow.yaml", SignalsTest.SLOW.replace("0.001", "0.002"));
        assertThat(shop.shell().run("ledger", "--create", "--yes").exit()).isZero();
        try (var way = new Outage(shop.url())) {
            var run = CompletableFuture.supplyAsync(() -> shop.shell().run("run", spec, "--yes", "--max-chunks", "4"));
            await("SELECT count(*) FROM backhoe.chunk WHERE state = 'running'", 1);
            var elsewhere = Shell.script().with("BACKHOE_URL", way.url());
            var log = CompletableFuture.supplyAsync(() -> elsewhere.run("logs", "-f"));
            var status = CompletableFuture.supplyAsync(() -> elsewhere.run("status", "--watch", "--json"));
            // Both have found the run, and look again and again over the one connection that they keep.
            await(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backhoe/look'"
                            + " AND datname = current_database() AND query_start > backend_start + interval '2 seconds'",
                    2);
            way.begin();
            while (way.sentAway() < 4) {
                shop.number("SELECT count(*) FROM pg_sleep(0.05)");
            }
            way.end();

            assertThat(run.get(60, TimeUnit.SECONDS).exit()).isEqualTo(9);
            var followed = log.get(30, TimeUnit.SECONDS);
            assertThat(followed.exit()).as(followed.all()).isZero();
            assertThat(followed.out().lines().toList())
                    .containsExactlyInAnyOrderElementsOf(
                            shop.shell().run("logs").out().lines().toList())
                    .anyMatch(line -> line.contains("RUNNING -> PAUSED"));
            assertThat(followed.err().lines())
                    .hasSize(2)
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("the database does not answer"),
                            line -> assertThat(line).isEqualTo("the database answers again"));
            assertThat(status.get(30, TimeUnit.SECONDS).out()).contains("PAUSED");
        }
    }

    private void await(String query, long least) throws IOException {
        while (shop.number(query) < least) {
            shop.number("SELECT count(*) FROM pg_sleep(0.05)");
        }
    }
}
