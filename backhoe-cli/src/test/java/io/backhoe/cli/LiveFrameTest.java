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
import java.util.ArrayList;
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
    void whatIsTooLongForALineGoesOnOnTheNext() {
        var lines = LiveFrame.lines(gently(2, null), 80, 24, PLAIN);

        assertThat(lines.subList(3, 16))
                .containsExactly(
                        " [#######################################-------------------------------]  56 %",
                        " done         7/12 chunks, 2,962,820 of about 5,200,000 rows, 2 set aside",
                        " speed        131,000 rows/s, 15 s to 25 s left",
                        " limited by   policy: gentle, rests twice as long as it works, 2 busy of 2",
                        " a batch      16,000 rows, 480 of 500 ms",
                        "",
                        " 2023-01  [########--------]  50 %  100,000 of about 200,000",
                        " 2023-02  [########--------]  50 %  100,000 of about 200,000",
                        "",
                        " 12:00:01  active_sessions: say in the spec how many processors the server has,",
                        "              server: {cpus: 8}",
                        " 12:00:02  3 workers, by ann",
                        "");
    }

    @Test
    void aSmallScreenHasAllThatMatters() {
        var lines = LiveFrame.lines(gently(2, null), 60, 15, PLAIN);

        assertThat(lines)
                .containsExactly(
                        " orders_tier_backfill   run 3   RUNNING                23 s ",
                        " shop.orders",
                        " [############################----------------------]  56 %",
                        " done         7/12 chunks, 2,962,820 of about 5,200,000",
                        "              rows, 2 set aside",
                        " speed        131,000 rows/s, 15 s to 25 s left",
                        " limited by   policy: gentle, rests twice as long as it",
                        "              works, 2 busy of 2",
                        " a batch      16,000 rows, 480 of 500 ms",
                        " 2023-01  [########--------]  50 %  100,000 of about 200,000",
                        " 2023-02  [########--------]  50 %  100,000 of about 200,000",
                        " 12:00:01  active_sessions: say in the spec how many",
                        "              processors the server has, server: {cpus: 8}",
                        " 12:00:02  3 workers, by ann",
                        " p pause   + one worker more   - one fewer   q leave");
    }

    @Test
    void aQuestionIsNotCut() {
        String question = "p pauses the run, l leaves it running in the background, any other key goes on watching";
        assertThat(LiveFrame.lines(gently(2, question), 80, 24, PLAIN).subList(22, 24))
                .containsExactly(
                        " p pauses the run, l leaves it running in the background, any other key goes on", " watching");
    }

    @Test
    void aTableOfChunksShowsThoseThatAreWorkedOnAndWhatTimeWasLostTo() {
        var table = new ArrayList<>(List.of("  chunk    state"));
        IntStream.rangeClosed(1, 90).forEach(i -> table.add("  c" + i + "  waits"));
        var plain = state(2, null);
        var asked = new LiveState.Asked(List.of("tuned        2 workers", "lost         1 s to policy"), table, 50);
        var lines = LiveFrame.lines(
                new LiveState(plain.progress(), plain.events(), null, LiveState.KEYS, asked), 80, 24, PLAIN);

        assertThat(lines)
                .containsSequence(" tuned        2 workers", " lost         1 s to policy", "", "  chunk    state")
                .containsSequence("  c49  waits", "  c50  waits", "  c51  waits")
                .contains(" and 83 more")
                .noneMatch(line -> line.contains("2023-01"));
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
        assertThat(LiveFrame.lines(state(64, null), 80, 24, PLAIN)).contains(" and 54 more");
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
        return state(
                running,
                said,
                new Limit("workers", "2 busy", "2"),
                List.of("12:00:01  2022-12  done", "12:00:02  3 workers, by ann"));
    }

    private static LiveState gently(int running, @Nullable String said) {
        return state(
                running,
                said,
                new Limit("policy", "gentle, rests twice as long as it works, 2 busy", "2"),
                List.of(
                        "12:00:01  active_sessions: say in the spec how many processors the server has, server:"
                                + " {cpus: 8}",
                        "12:00:02  3 workers, by ann"));
    }

    private static LiveState state(int running, @Nullable String said, Limit limit, List<String> events) {
        var pace = new PaceRecord(
                Instant.EPOCH,
                2,
                2,
                Duration.ofMillis(500),
                Duration.ofMillis(480),
                16_000,
                131_000.0,
                new TimeLeft(Duration.ofSeconds(15), Duration.ofSeconds(25)),
                limit);
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
        return new LiveState(progress, events, said, LiveState.KEYS);
    }
}
