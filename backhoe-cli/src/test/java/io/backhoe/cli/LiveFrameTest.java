package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.ledger.TimeLeft;
import io.backhoe.run.ChunkProgress;
import io.backhoe.run.Progress;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveFrameTest {
    private static final Glyphs PLAIN = new Glyphs(false, false);

    @Test
    void aRunOnAnOrdinaryScreen() {
        var lines = LiveFrame.lines(state(2, null), 80, 24, PLAIN);

        assertThat(lines).hasSize(24);
        assertThat(lines.subList(0, 15))
                .containsExactly(
                        " orders_tier_backfill   run 3   RUNNING                                    23 s ",
                        " shop.orders",
                        "",
                        " [#######################################-------------------------------]  56 %",
                        " done         7/12 chunks, 2,962,820 of about 5,200,000 rows, 2 set aside",
                        " speed        131,000 rows/s, 15 s to 25 s left",
                        " limited by   workers: 2 busy of 2; a batch: 16,000 rows, 480 of 500 ms",
                        "",
                        " 2023-01  [########--------]  50 %  100,000 of about 200,000",
                        " 2023-02  [########--------]  50 %  100,000 of about 200,000",
                        "",
                        " 12:00:01  2022-12  done",
                        " 12:00:02  3 workers, by ann",
                        "",
                        "");
        assertThat(lines.get(23)).isEqualTo(" p pause   + one worker more   - one fewer   q leave");
    }

    @Test
    void itFitsAnyScreenAndNoLineIsWiderThanIt() {
        for (var glyphs : List.of(PLAIN, new Glyphs(true, true))) {
            for (int width : new int[] {1, 2, 5, 20, 40, 79, 80, 200, 500}) {
                for (int height : new int[] {1, 2, 5, 10, 24, 50}) {
                    for (int running : new int[] {0, 1, 64}) {
                        var lines = LiveFrame.lines(state(running, null), width, height, glyphs);
                        assertThat(lines).as("%s x %s", width, height).hasSize(height);
                        assertThat(lines)
                                .as("%s x %s", width, height)
                                .allMatch(
                                        line -> AttributedString.fromAnsi(line).columnLength() <= width);
                    }
                }
            }
        }
    }

    @Test
    void lettersThatTakeTwoColumnsAreCountedAsTwo() {
        assertThat(Columns.of("日付 e\u0301")).isEqualTo(6);
        assertThat(Columns.clipped("日付日付", 7, "...")).isEqualTo("日付...");
        assertThat(Columns.clipped("日付日付", 8, "...")).isEqualTo("日付日付");
        assertThat(Columns.padded("日付", 6)).isEqualTo("日付  ");
    }

    @Test
    void ofMoreChunksThanThereIsRoomForTheRestIsCounted() {
        assertThat(LiveFrame.lines(state(64, null), 80, 24, PLAIN)).contains(" and 55 more");
    }

    @Test
    void whatIsAskedTakesThePlaceOfTheKeys() {
        assertThat(LiveFrame.lines(state(1, "really?"), 80, 24, PLAIN).get(23)).isEqualTo(" really?");
    }

    @Test
    void controlCharactersInNamesDoNotReachTheTerminal() {
        assertThat(LiveFrame.lines(state(1, "a\u001b[2Jb"), 80, 24, PLAIN).get(23))
                .isEqualTo(" a [2Jb");
    }

    @Test
    void beforeTheFirstProgressItIsStarting() {
        assertThat(LiveFrame.lines(new LiveState(null, List.of(), null, "k"), 80, 24, PLAIN))
                .contains(" starting...", " k");
    }

    private static LiveState state(int running, @Nullable String said) {
        var pace = new PaceRecord(
                Instant.EPOCH,
                2,
                2,
                Duration.ofMillis(500),
                Duration.ofMillis(480),
                16_000,
                131_000.0,
                new TimeLeft(Duration.ofSeconds(15), Duration.ofSeconds(25)),
                new Limit("workers", "2 busy", "2"));
        var chunks = IntStream.rangeClosed(1, running)
                .mapToObj(i -> new ChunkProgress(String.format("2023-%02d", i), 200_000, 100_000, 1))
                .toList();
        var progress = new Progress(
                3,
                "orders_tier_backfill",
                "shop.orders",
                RunState.RUNNING,
                12,
                7,
                0,
                5_200_000,
                2_962_820,
                2_962_820,
                2,
                chunks,
                pace,
                null,
                Duration.ofSeconds(23));
        return new LiveState(
                progress, List.of("12:00:01  2022-12  done", "12:00:02  3 workers, by ann"), said, LiveState.KEYS);
    }
}
