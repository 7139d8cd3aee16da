package io.backhoe.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.Seed;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class CalendarTest {
    @Test
    void aRangeIsShownInAsManyPeriodsAsCanBeTakenInAtAGlance() {
        var start = LocalDateTime.of(2023, 1, 1, 0, 0);

        assertThat(Calendar.of(start, start.plusDays(31))).isEqualTo(Calendar.DAY);
        assertThat(Calendar.of(start, start.plusMonths(4))).isEqualTo(Calendar.WEEK);
        assertThat(Calendar.of(start, start.plusYears(1))).isEqualTo(Calendar.MONTH);
        assertThat(Calendar.of(start, start.plusYears(30))).isEqualTo(Calendar.QUARTER);
        assertThat(Calendar.of(start, start.plusYears(90))).isEqualTo(Calendar.YEAR);
    }

    @Test
    void periodsStartWithTheRangeAndThenWhereTheCalendarSays() {
        var starts = Calendar.QUARTER.starts(LocalDateTime.of(2023, 2, 15, 6, 0), LocalDateTime.of(2023, 12, 31, 0, 0));

        assertThat(starts)
                .containsExactly(
                        LocalDateTime.of(2023, 2, 15, 6, 0),
                        LocalDateTime.of(2023, 4, 1, 0, 0),
                        LocalDateTime.of(2023, 7, 1, 0, 0),
                        LocalDateTime.of(2023, 10, 1, 0, 0));
    }

    @Test
    void periodsAscendInsideTheRangeWhateverItIs() {
        Seed.times(500, random -> {
            LocalDateTime start = LocalDateTime.of(1990, 1, 1, 0, 0).plusMinutes(random.nextInt(20_000_000));
            LocalDateTime end = start.plusMinutes(1 + random.nextInt(20_000_000));
            Calendar unit = Calendar.of(start, end);

            var starts = unit.starts(start, end);

            assertThat(starts.get(0)).isEqualTo(start);
            assertThat(starts).isSorted().doesNotHaveDuplicates().hasSizeLessThan(280);
            assertThat(starts.get(starts.size() - 1)).isBefore(end);
        });
    }
}
