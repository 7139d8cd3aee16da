package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.assess.Calendar;
import io.backhoe.assess.GapMap;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapStripTest {
    @Test
    void eachPeriodHasASignForHowMuchOfItIsMissing() {
        assertThat(GapStrip.sign(period(0, 0))).isEqualTo('_');
        assertThat(GapStrip.sign(period(10, 0))).isEqualTo('.');
        assertThat(GapStrip.sign(period(1_000_000, 1))).isEqualTo('1');
        assertThat(GapStrip.sign(period(10, 5))).isEqualTo('5');
        assertThat(GapStrip.sign(period(1_000_000, 999_999))).isEqualTo('9');
        assertThat(GapStrip.sign(period(10, 10))).isEqualTo('#');
    }

    @Test
    void monthsStandBelowTheirInitials() {
        var lines = strip(Calendar.MONTH, LocalDateTime.of(2022, 11, 1, 0, 0), 4, true);

        assertThat(lines)
                .containsSubsequence(
                        "           J F M A M J J A S O N D",
                        "  2022                         # #  100.0 % missing",
                        "  2023     # #                      100.0 % missing");
    }

    @Test
    void daysStandInALineForEachMonth() {
        var lines = strip(Calendar.DAY, LocalDateTime.of(2023, 1, 30, 0, 0), 4, false);

        assertThat(lines)
                .containsSubsequence(
                        "  2023-01                               .. 0.0 % missing",
                        "  2023-02  ..                              0.0 % missing");
    }

    @Test
    void weeksQuartersAndYearsHaveLinesOfTheirOwn() {
        assertThat(strip(Calendar.WEEK, LocalDateTime.of(2023, 1, 2, 0, 0), 52, true)
                        .get(0))
                .isEqualTo("  2023      " + "#".repeat(52) + "  100.0 % missing");
        assertThat(strip(Calendar.WEEK, LocalDateTime.of(2024, 12, 30, 0, 0), 3, true))
                .startsWith(
                        "  2024     " + " ".repeat(52) + "#  100.0 % missing",
                        "  2025      ##" + " ".repeat(51) + " 100.0 % missing");
        assertThat(strip(Calendar.QUARTER, LocalDateTime.of(2023, 4, 1, 0, 0), 3, true)
                        .get(0))
                .isEqualTo("  2023       # # #  100.0 % missing");
        assertThat(strip(Calendar.YEAR, LocalDateTime.of(1998, 1, 1, 0, 0), 3, true))
                .startsWith("  1990s            ## 100.0 % missing", "  2000s    #          100.0 % missing");
    }

    private static List<String> strip(Calendar unit, LocalDateTime start, int periods, boolean missing) {
        var all = new ArrayList<GapMap.Period>();
        LocalDateTime at = start;
        for (int i = 0; i < periods; i++) {
            LocalDateTime end = switch (unit) {
                case DAY -> at.plusDays(1);
                case WEEK -> at.plusWeeks(1);
                case MONTH -> at.plusMonths(1);
                case QUARTER -> at.plusMonths(3);
                case YEAR -> at.plusYears(1);
            };
            all.add(new GapMap.Period(at, end, 100, missing ? 100 : 0));
            at = end;
        }
        return new GapStrip(new GapMap(unit, 100, all, "SELECT")).lines();
    }

    private static GapMap.Period period(long total, long missing) {
        var start = LocalDateTime.of(2023, 1, 1, 0, 0);
        return new GapMap.Period(start, start.plusDays(1), total, missing);
    }
}
