package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.TimeLeft;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void timesAreAsPreciseAsTheyAreLong() {
        assertThat(Figures.time(Duration.ofMillis(40))).isEqualTo("0.0 s");
        assertThat(Figures.time(Duration.ofMillis(9_849))).isEqualTo("9.8 s");
        assertThat(Figures.time(Duration.ofMillis(9_960))).isEqualTo("10 s");
        assertThat(Figures.time(Duration.ofMillis(59_600))).isEqualTo("1 min");
        assertThat(Figures.time(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
        assertThat(Figures.time(Duration.ofMinutes(130))).isEqualTo("2 h 10 min");
        assertThat(Figures.time(Duration.ofHours(76))).isEqualTo("3 d 4 h");
        assertThat(Figures.time(Duration.ofSeconds(-5))).isEqualTo("0.0 s");
    }

    @Test
    void sizesHaveTwoDigits() {
        assertThat(Figures.bytes(0)).isEqualTo("0 bytes");
        assertThat(Figures.bytes(1)).isEqualTo("1 byte");
        assertThat(Figures.bytes(8_192)).isEqualTo("8.2 kB");
        assertThat(Figures.bytes(999_600)).isEqualTo("1.0 MB");
        assertThat(Figures.bytes(410_400_000)).isEqualTo("410 MB");
        assertThat(Figures.bytes(1_300_000_000_000L)).isEqualTo("1.3 TB");
    }

    @Test
    void whatIsLeftIsRounded() {
        assertThat(left(3, 8)).isEqualTo("less than 10 s left");
        assertThat(left(31, 58)).isEqualTo("30 s to 1 min left");
        assertThat(left(247, 4000)).isEqualTo("4 min 10 s to 1 h 7 min left");
    }

    private static String left(long low, long high) {
        return Figures.left(new TimeLeft(Duration.ofSeconds(low), Duration.ofSeconds(high)));
    }

    @Test
    void nothingIsAHundredPercentBeforeItHasEnded() {
        assertThat(Figures.percent(999, 1000)).isEqualTo(99);
        assertThat(Figures.percent(5000, 1000)).isEqualTo(99);
        assertThat(Figures.percent(0, 0)).isZero();
    }

    @Test
    void aRangeOfWholeDaysIsTwoDates() {
        var january = LocalDateTime.of(2023, 1, 1, 0, 0);
        assertThat(Figures.range(january, january.plusMonths(1))).containsExactly("2023-01-01", "2023-02-01");
        assertThat(Figures.range(january, january.plusHours(6)))
                .containsExactly("2023-01-01T00:00", "2023-01-01T06:00");
    }

    @Test
    void countsHaveSeparatorsAndInstantsMilliseconds() {
        assertThat(Figures.rows(2_183_000)).isEqualTo("2,183,000 rows");
        assertThat(Figures.rows(1)).isEqualTo("1 row");
        assertThat(Figures.instant(Instant.parse("2024-05-06T07:08:09.123456Z")))
                .isEqualTo("2024-05-06T07:08:09.123Z");
        assertThat(Figures.rate(500, Duration.ofMillis(250))).isEqualTo(2000);
        assertThat(Figures.rate(500, Duration.ZERO)).isZero();
    }
}
