package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.run.Progress;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private final List<String> lines = new ArrayList<>();
    private int silence;
    private final HandTime time = new HandTime();
    private final ProgressLines progress = new ProgressLines(lines::add, time);

    @Test
    void saysHowFarItIsEveryFiveSeconds() {
        for (int second = 1; second <= 11; second++) {
            time.sleep(Duration.ofSeconds(1));
            progress.progress(at(7, 2_183_000, 131_000));
        }

        assertThat(lines)
                .containsExactly(
                        "  run 3; another terminal can ask for its status, and pause it",
                        "  41 %  7/12 chunks  2,183,000 rows  131,000 rows/s  20 s to 35 s left",
                        "  41 %  7/12 chunks  2,183,000 rows  131,000 rows/s  20 s to 35 s left");
    }

    @Test
    void aHundredThousandChunksAreNoFlood() {
        progress.progress(at(0, 0, -1));
        for (int second = 1; second <= 24 * 3600; second++) {
            for (int chunk = 0; chunk < 2; chunk++) {
                progress.event("chunk_done", "c" + second, "success");
            }
            time.sleep(Duration.ofSeconds(1));
            progress.progress(at(7, 2_183_000, 131_000));
        }

        assertThat(lines).hasSizeBetween(1440, 2000);
        assertThat(lines.get(1)).startsWith("  c1, c1 done  41 %");
        assertThat(lines.get(lines.size() - 1))
                .startsWith("  120 chunks done  41 %  7/12 chunks  131,000 rows/s  20 s to 35 s left");
    }

    @Test
    void aChunkThatTakesADayIsToldOfEachMinuteAtLeast() {
        for (int second = 1; second <= 24 * 3600; second++) {
            time.sleep(Duration.ofSeconds(1));
            int before = lines.size();
            progress.progress(at(7, 2_183_000, 131_000));
            silence = lines.size() > before ? 0 : silence + 1;
            assertThat(silence).isLessThan(60);
        }

        assertThat(lines).hasSizeLessThan(2000);
    }

    @Test
    void whatHoldsAllOfItIsNamed() {
        progress.progress(at(7, 2_183_000, 131_000));
        time.sleep(Duration.ofSeconds(5));
        progress.progress(at(7, 2_183_000, 0, "replica_lag"));

        assertThat(lines.get(1)).endsWith("0 rows/s  20 s to 35 s left  waits: replica_lag: 7 s of 5 s");
    }

    @Test
    void chunksThatEndTogetherShareALine() {
        progress.event("chunk_done", "2023-01", "success");
        progress.event("chunk_done", "2023-02", "success");
        progress.progress(at(2, 400_000, 131_000));
        time.sleep(Duration.ofSeconds(1));
        progress.event("chunk_done", "2023-03", "success");
        progress.event("chunk_done", "2023-04", "success");
        progress.event("chunk_done", "2023-05", "success");
        progress.progress(at(5, 1_000_000, 131_000));
        progress.event("chunk_done", "2023-06", "success");
        progress.event("state", "", "SUCCEEDED");

        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "  2023-01, 2023-02 done  7 %  2/12 chunks  131,000 rows/s  20 s to 35 s left",
                        "  3 chunks done  19 %  5/12 chunks  131,000 rows/s  20 s to 35 s left", "  2023-06 done");
    }

    @Test
    void aHundredRetriesAreOneLine() {
        progress.progress(at(0, 0, -1));
        for (int i = 0; i < 100; i++) {
            progress.event("retry", "2023-01", "batch tried again (1): lock timeout");
        }
        time.sleep(Duration.ofSeconds(5));
        progress.progress(at(0, 0, -1));

        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "  100 batches tried again; the last, 2023-01: batch tried again (1): lock timeout",
                        "  0 %  0/12 chunks  0 rows  measuring");
    }

    @Test
    void failuresAreToldAtOnce() {
        progress.event("chunk_failed", "2023-05", "division by zero");

        assertThat(lines).containsExactly("  2023-05 FAILED: division by zero");
    }

    @Test
    void aServerThatIsAwayIsToldOnceInFiveSeconds() {
        for (int i = 0; i < 8; i++) {
            progress.event("reconnect", "2023-01", "waiting for the server");
            time.sleep(Duration.ofSeconds(1));
        }

        assertThat(lines).containsExactly("  waiting for the server", "  waiting for the server");
    }

    @Test
    void anEstimateThatWasTooLowIsNamed() {
        assertThat(ProgressLines.text(at(11, 6_000_000, 1000), true))
                .isEqualTo("99 %  11/12 chunks  6,000,000 rows  1,000 rows/s  more rows than estimated");
    }

    private static Progress at(int done, long examined, double rate) {
        return at(done, examined, rate, null);
    }

    private static Progress at(int done, long examined, double rate, @Nullable String held) {
        return new Progress(
                3,
                "tiers",
                "shop.orders",
                RunState.RUNNING,
                12,
                done,
                0,
                5_200_000,
                examined,
                examined,
                0,
                List.of(),
                new PaceRecord(
                        Instant.EPOCH,
                        2,
                        2,
                        Duration.ofMillis(500),
                        null,
                        null,
                        rate < 0 ? null : rate,
                        examined > 5_200_000 ? null : new TimeLeft(Duration.ofSeconds(20), Duration.ofSeconds(35)),
                        held == null ? new Limit("workers", "2 busy", "2") : new Limit(held, "7 s", "5 s")),
                held,
                Duration.ZERO);
    }
}
