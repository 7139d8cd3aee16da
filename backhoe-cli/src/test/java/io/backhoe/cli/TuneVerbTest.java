package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tuning, logs and status of a run that waits. */
class TuneVerbTest {
    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(1200);
    private final Shell shell = shop.shell();

    @BeforeEach
    void runOneChunk() throws IOException {
        String spec = Specs.write(folder, "spec.yaml", Specs.TIERS);
        assertThat(shell.run("run", spec, "--yes", "--max-chunks", "1", "--log-format", "json")
                        .exit())
                .isEqualTo(9);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void whatIsTunedHoldsForWhoeverGoesOn() {
        var tuned = shell.run("tune", "--parallelism", "3", "--batch-time", "250ms", "--json");
        assertThat(tuned.exit()).isZero();
        assertThat(tuned.data().get("parallelism").asInt()).isEqualTo(3);
        assertThat(tuned.data().get("batch_time_ms").asInt()).isEqualTo(250);
        assertThat(shell.run("tune", "--batch-time", "2s").out())
                .contains("Run 1 is tuned: 3 workers, batches of 2000 ms.");

        assertThat(shell.run("resume").exit()).isZero();
        assertThat(shell.run("status", "--why").out()).contains("tuned        3 workers", " to policy, ");
        assertThat(shell.run("tune", "1", "--parallelism", "1", "--json").errorCode())
                .isEqualTo("wrong_state");
    }

    @Test
    void whatCannotBeTunedIsNamed() {
        assertThat(shell.run("tune").exit()).isEqualTo(2);
        assertThat(shell.run("tune").err())
                .contains("--parallelism N, --batch-time TIME, --policy POLICY or --limit SIGNAL=VALUE");
        assertThat(shell.run("tune", "--parallelism", "65").err()).contains("workers are 1 to 64, not 65");
        assertThat(shell.run("tune", "--batch-time", "5ms").err()).contains("10 ms to 60 s, not 5 ms");
        assertThat(shell.run("tune", "--batch-time", "soon").err()).contains("such as 250ms, not soon");
        assertThat(shell.run("tune", "--policy", "slow").err()).contains("gentle, balanced or fast, not slow");
        assertThat(shell.run("tune", "--limit", "lag=3s").err())
                .contains("'lag' is no signal; they are replica_lag, active_sessions,");
        assertThat(shell.run("tune", "--limit", "replica_lag").err()).contains("such as replica_lag=10s");
        assertThat(shell.run("tune", "--limit", "replica_lag=3%").err())
                .contains("'3%' is not a limit of replica_lag; write 10s, or off");
    }

    @Test
    void aPolicyAndLimitsHoldUntilSomebodyTunesThemAgain() {
        shell.run("tune", "--policy", "balanced", "--limit", "replica_lag=10s", "--limit", "disk=off");
        var tuned = shell.run("tune", "--limit", "replica_lag=20.5s", "--json").data();

        assertThat(tuned.get("policy").asString()).isEqualTo("balanced");
        assertThat(tuned.get("limits").toString()).isEqualTo("{\"replica_lag\":\"20.5s\",\"disk\":\"off\"}");
        assertThat(shell.run("tune", "--policy", "fast").out())
                .contains("Run 1 is tuned: policy fast, replica_lag 20.5 s, disk off.");
        assertThat(shell.run("resume").exit()).isZero();
        assertThat(shell.run("status", "--why").out())
                .contains("tuned        policy fast, replica_lag 20.5 s, disk off");
    }

    @Test
    void theLogTellsOfChunksStatesAndRequests() {
        shell.run("tune", "--parallelism", "3");
        var text = shell.run("logs").out();
        assertThat(text.lines())
                .allMatch(line -> line.matches("[0-9-]+T[0-9:.]+Z run=1 .*"))
                .anyMatch(line -> line.endsWith("run=1 state PLANNED -> RUNNING"))
                .anyMatch(line -> line.contains(" chunk=2023-01 chunk_started about "))
                .anyMatch(line -> line.contains(" chunk=2023-01 chunk_success "))
                .anyMatch(line -> line.contains(" command tune: 3 workers by "))
                .anyMatch(line -> line.contains(" tuned 3 workers, by "));
        assertThat(shell.run("logs", "-n", "2").out().lines()).hasSize(2);
        assertThat(shell.run("logs", "--log-format", "json").out().lines())
                .allMatch(line -> line.startsWith("{\"at\":\"") && line.contains("\"run_id\":\"1\""));
        assertThat(shell.run("logs", "--json", "-n", "3").data().get("lines")).hasSize(3);
        assertThat(shell.run("logs", "-n", "0").exit()).isEqualTo(2);
    }

    @Test
    void followingARunThatNobodyExecutesEndsAtOnceWithADocumentALine() {
        var followed = shell.run("logs", "-f", "--json");
        assertThat(followed.exit()).isZero();
        assertThat(followed.out().lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{\"schema\":\"backhoe.logs/v1\""));

        var watched = shell.run("status", "--watch", "--json");
        assertThat(watched.exit()).isZero();
        assertThat(watched.out().lines())
                .singleElement()
                .asString()
                .startsWith("{\"schema\":\"backhoe.status/v1\"")
                .contains("\"state\":\"PAUSED\"", "\"pending\":11");
        assertThat(shell.run("status", "--watch").out()).contains("PAUSED: 1 of 12 chunks");
    }

    @Test
    void aRunCanBeToldAsALog() throws IOException {
        var resumed = shell.run("resume", "--log-format", "text", "--max-chunks", "2");
        assertThat(resumed.out().lines())
                .allMatch(line -> line.matches("[0-9-]+T[0-9:.]+Z run=1 .*"))
                .anyMatch(line -> line.matches(
                        "[0-9-]+T[0-9:.]+Z run=1 chunk=2023-02 chunk_success .*rows changed of .* examined"));
        var json = shell.run("resume", "--log-format", "json", "--json", "--max-chunks", "1");
        assertThat(json.err().lines())
                .anyMatch(line -> line.startsWith("{") && line.contains("\"kind\":\"chunk_success\""));
        assertThat(json.data().get("state").asString()).isEqualTo("PAUSED");
    }

    /** Also of what is lost of both: that it paused is the last thing that happened. */
    @Test
    void whoeverWritesTheLogOfARunUsesTheSameWordsAndKeys() {
        for (String format : new String[] {"text", "json"}) {
            var before = shell.run("logs", "--log-format", format).out().lines().toList();
            var told = shell.run("resume", "--log-format", format, "--max-chunks", "1")
                    .out()
                    .lines()
                    .toList();
            var after = shell.run("logs", "--log-format", format).out().lines().toList();

            assertThat(told)
                    .filteredOn(line -> !line.contains("progress") && !line.contains("split"))
                    .containsExactlyInAnyOrderElementsOf(after.subList(before.size(), after.size()))
                    .anyMatch(line -> line.contains("RUNNING -> PAUSED"));
        }
    }

    @Test
    void theLogTellsWhatWasDoneAndWhatWasTakenBackAndWhen() {
        assertThat(shell.run("cancel").exit()).isZero();
        assertThat(shell.run("rollback", "--yes").exit()).isZero();
        var log = shell.run("logs").out().lines().toList();
        int done = first(log, " chunk=2023-01 chunk_success ");
        int back = first(log, " chunk=2023-01 chunk_rolled_back ");
        assertThat(done).isBetween(0, first(log, " state CANCELLED -> ROLLING_BACK"));
        assertThat(back).isGreaterThan(first(log, " state CANCELLED -> ROLLING_BACK"));
        assertThat(log.get(back)).endsWith(" rows restored");
    }

    private static int first(List<String> lines, String with) {
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).contains(with))
                .findFirst()
                .orElse(-1);
    }

    @Test
    void whoWatchesIsShownWhatIsAskedForToo() {
        shell.run("tune", "--parallelism", "3");
        var watched = shell.run("status", "--watch", "--chunks", "--why", "--json");
        assertThat(watched.out().lines())
                .singleElement()
                .asString()
                .contains("\"chunks\":[{\"id\":\"2023-01\"", "\"lost_time\":[");
        assertThat(shell.run("status", "--watch", "--why").out()).contains("tuned        3 workers", "  lost  ");
    }

    @Test
    void everyChunkIsListedWhereItIsAskedFor() {
        assertThat(shell.run("status", "--json").data().has("chunks")).isFalse();
        var chunks = shell.run("status", "--chunks", "--json").data().get("chunks");
        assertThat(chunks).hasSize(12);
        assertThat(chunks.get(0).get("status").asString()).isEqualTo("success");
    }
}
