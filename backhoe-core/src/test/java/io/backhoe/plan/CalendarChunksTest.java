package io.backhoe.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.Moment;
import io.backhoe.spec.Spec.ListedChunk;
import io.backhoe.value.BackhoeException;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalendarChunksTest {
    @Test
    void cutsTheFirstAndLastMonthWhereTheRangeDoes() {
        assertThat(tile("2023-01-10", "2023-03-05", ChunkBy.MONTH))
                .containsExactly(
                        "2023-01 [2023-01-10, 2023-02-01)",
                        "2023-02 [2023-02-01, 2023-03-01)",
                        "2023-03 [2023-03-01, 2023-03-05)");
    }

    @Test
    void beginsWeeksOnMondayAndNumbersThemByTheWeeksOwnYear() {
        assertThat(tile("2020-12-26", "2021-01-12", ChunkBy.WEEK))
                .containsExactly(
                        "2020-W52 [2020-12-26, 2020-12-28)",
                        "2020-W53 [2020-12-28, 2021-01-04)",
                        "2021-W01 [2021-01-04, 2021-01-11)",
                        "2021-W02 [2021-01-11, 2021-01-12)");
    }

    @Test
    void knowsLeapDays() {
        assertThat(tile("2024-02-28 12:00", "2024-03-01 00:00:01", ChunkBy.DAY))
                .containsExactly(
                        "2024-02-28 [2024-02-28T12:00:00, 2024-02-29)",
                        "2024-02-29 [2024-02-29, 2024-03-01)",
                        "2024-03-01 [2024-03-01, 2024-03-01T00:00:01)");
        assertThat(tile("2100-02-28", "2100-03-01", ChunkBy.DAY)).hasSize(1);
    }

    @Test
    void keepsListedChunksAndTilesAroundThem() {
        var tiling = CalendarChunks.tile(
                Moment.parse("2023-01-01"),
                Moment.parse("2023-04-01"),
                ChunkBy.MONTH,
                List.of(listed("2023-03", "2023-02-20", "2023-03-10"), listed("first", "2023-01-10", "2023-01-20")));

        assertThat(tiling.chunks().stream().map(CalendarChunksTest::text))
                .containsExactly(
                        "2023-01 [2023-01-01, 2023-01-10)",
                        "first [2023-01-10, 2023-01-20)",
                        "2023-01.2 [2023-01-20, 2023-02-01)",
                        "2023-02 [2023-02-01, 2023-02-20)",
                        "2023-03 [2023-02-20, 2023-03-10)",
                        "2023-03.2 [2023-03-10, 2023-04-01)");
        assertThat(tiling.chunks().get(1).estimatedRows()).isEqualTo(7);
        assertThat(tiling.notes())
                .containsExactly("2 chunks are listed in the spec; the rest of the scope is cut by month into 4 more");
    }

    @Test
    void hasNothingToSayWhereTheListedChunksAreAll() {
        var tiling = CalendarChunks.tile(
                Moment.parse("2023-01-01"),
                Moment.parse("2023-02-01"),
                ChunkBy.DAY,
                List.of(listed("all", "2023-01-01", "2023-02-01")));

        assertThat(tiling.chunks()).hasSize(1);
        assertThat(tiling.notes()).isEmpty();
    }

    @Test
    void refusesWhatNobodyCanReview() {
        assertThatThrownBy(() -> tile("1000-01-01", "2023-01-01", ChunkBy.DAY))
                .isInstanceOf(BackhoeException.class)
                .hasMessage("the scope makes more than 100000 chunks by day");
    }

    @Test
    void refusesWhatCannotBeTiled() {
        assertThatThrownBy(() -> tile("2023-01-01", "2023-01-01", ChunkBy.DAY))
                .isInstanceOf(IllegalArgumentException.class);
        LocalDateTime start = Moment.parse("2023-01-01");
        LocalDateTime end = Moment.parse("2023-02-01");
        for (var listed : List.of(
                List.of(listed("a", "2022-12-31", "2023-01-02")),
                List.of(listed("a", "2023-01-31", "2023-02-02")),
                List.of(listed("a", "2023-01-02", "2023-01-02")),
                List.of(listed("a", "2023-01-02", "2023-01-04"), listed("b", "2023-01-03", "2023-01-05")),
                List.of(listed("a", "2023-01-02", "2023-01-03"), listed("a", "2023-01-03", "2023-01-04")))) {
            assertThatThrownBy(() -> CalendarChunks.tile(start, end, ChunkBy.DAY, listed))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<String> tile(String start, String end, ChunkBy unit) {
        return CalendarChunks.tile(Moment.parse(start), Moment.parse(end), unit, List.of()).chunks().stream()
                .map(CalendarChunksTest::text)
                .toList();
    }

    private static ListedChunk listed(String id, String start, String end) {
        return new ListedChunk(id, Moment.parse(start), Moment.parse(end), 7L);
    }

    private static String text(ListedChunk chunk) {
        return chunk.id() + " [" + Moment.text(chunk.start()) + ", " + Moment.text(chunk.end()) + ")";
    }
}
