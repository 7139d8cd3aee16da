package io.backhoe.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.StorageFacts;
import io.backhoe.value.Policy;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaysTest {
    private static final int IMAGE_BYTES = 48;
    private static final StorageFacts STORAGE = new StorageFacts(100_000, 0, 1_000, 100, List.of(), 0);

    private static final RunTime TIME = new RunTime(2, Policy.FAST, 3, IMAGE_BYTES);

    /** @param totals and missing, month by month */
    private static List<Way> ways(double percent, long[]... totals) {
        var periods = new ArrayList<GapMap.Period>();
        var start = LocalDateTime.parse("2023-01-01T00:00:00");
        for (long[] month : totals) {
            periods.add(new GapMap.Period(start, start.plusMonths(1), month[0], month[1]));
            start = start.plusMonths(1);
        }
        return new Ways(new GapMap(Calendar.MONTH, percent, periods, "SELECT"), STORAGE, IMAGE_BYTES, TIME, 2).ranked();
    }

    @Test
    void fillsWhereValuesAreMissing() {
        var ways = ways(100, new long[] {400, 300}, new long[] {600, 0});

        assertThat(ways)
                .extracting(Way::strategy)
                .containsExactly("incremental", "correction", "incremental, preserve_existing: false");
        assertThat(ways).extracting(Way::recommended).containsExactly(true, false, false);
        assertThat(ways.get(0))
                .extracting(Way::rows, Way::growthBytes, Way::undoBytes)
                .containsExactly(300L, 30_000L, 300L * IMAGE_BYTES);
        assertThat(ways.get(2).rows()).isEqualTo(1_000);
        // By hand: 0.65 * (0.15 + (1000 / 60000 + 3 * 0.001 * 2 + 3 * 0.012) / 2), and 1.3 * (0.4 + (0.5 + 0.06 +
        // 0.036) / 2^0.3
        // + the log), of which there are about 153 kB.
        assertThat(ways.get(0).duration()).isEqualTo(new RunTime.Span(116, 1151));
        assertThat(ways.get(0).line()).endsWith("Between 0 s and 2 s, by its size alone: plan measures.");
        assertThat(ways.get(1).duration()).isNull();
        assertThat(ways.get(1).line()).contains(" Of 1,000 rows: ", " kept for undo, between 0 s and 2 s.");
    }

    @Test
    void insertsWherePeriodsHaveNoRow() {
        var ways = ways(100, new long[] {400, 0}, new long[] {0, 0}, new long[] {600, 0});

        assertThat(ways.get(0).strategy()).isEqualTo("gap_fill");
        assertThat(ways.get(0).recommended()).isTrue();
        assertThat(ways.get(0).rows()).isEqualTo(500);
        assertThat(ways.get(0).line()).contains("1 month of 3 has no row at all", "About 500 rows");
        // All 1,500 rows of the query are looked at: 0.65 * (0.15 + (1500 / 60000 + 3 * 0.001 * 2 + 3 * 0.012) / 2).
        assertThat(ways.get(0).duration())
                .isNotNull()
                .satisfies(d -> assertThat(d.low()).isEqualTo(119));
    }

    @Test
    void cannotTellHowManyRowsATableLacksThatHasNone() {
        var ways = ways(100, new long[] {0, 0}, new long[] {0, 0});

        assertThat(ways).hasSize(1);
        assertThat(ways.get(0).line())
                .contains("no month of the scope has a row")
                .doesNotContain("About");
    }

    @Test
    void choosesRowsWhereNothingIsMissing() {
        assertThat(ways(100, new long[] {400, 0}))
                .first()
                .extracting(Way::strategy)
                .isEqualTo("correction");
    }

    @Test
    void doesNotTakeWhatASampleMissedForAGap() {
        assertThat(ways(3, new long[] {400, 100}, new long[] {0, 0}))
                .extracting(Way::strategy)
                .doesNotContain("gap_fill");
    }
}
