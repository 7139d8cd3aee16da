package io.backhoe.run.throttle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backhoe.ledger.TimeLeft;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class SpeedTest {
    private final Speed speed = new Speed();

    @Test
    void measuresBeforeItSaysAnything() {
        read(3, second -> 1000L * second);

        assertThat(speed.left(50_000)).isNull();
        assertThat(new Speed().now()).isEmpty();
    }

    @Test
    void whatIsLeftAtASteadyRateIsKnownToATenth() {
        read(60, second -> 1000L * second);

        assertThat(speed.now().orElseThrow()).isCloseTo(1000, within(1.0));
        var left = left(50_000);
        assertThat(left.low().toMillis()).isCloseTo(45_454, within(50L));
        assertThat(left.high().toMillis()).isCloseTo(55_556, within(50L));
    }

    @Test
    void theBandIsAsWideAsTheRateVaries() {
        // 500 and 1,500 rows a second, ten seconds each: the mean is 1,000, the standard deviation 500.
        read(
                600,
                second -> 10_000L * (second / 10)
                        + (second / 10 % 2 == 0 ? 500L : 1500L) * (second % 10)
                        + (second / 10 % 2 == 0 ? 0 : -5000L));

        var left = left(100_000);
        assertThat(left.low().toMillis()).isBetween(55_000L, 68_000L);
        assertThat(left.high().toMillis()).isBetween(230_000L, 310_000L);
    }

    @Test
    void anOldRateIsForgottenInMinutesAndNotAtOnce() {
        read(600, second -> second <= 300 ? 1000L * second : 300_000 + 100L * (second - 300));

        assertThat(speed.now().orElseThrow()).isCloseTo(100, within(1.0));
        assertThat(left(10_000).low().toMillis()).isLessThan(50_000);
        read(3000, second -> 330_000 + 100L * second, 600);
        assertThat(left(10_000).low().toMillis()).isBetween(80_000L, 92_000L);
    }

    @Test
    void nothingThatMovesHasNoEnd() {
        read(60, second -> 42);

        assertThat(speed.now().orElseThrow()).isZero();
        assertThat(speed.left(10)).isNull();
    }

    private TimeLeft left(long rows) {
        return requireNonNull(speed.left(rows));
    }

    private void read(int seconds, IntToLongFunction rows) {
        read(seconds, rows, 0);
    }

    private void read(int seconds, IntToLongFunction rows, int from) {
        for (int second = 0; second <= seconds; second++) {
            speed.read(TimeUnit.SECONDS.toNanos(from + second), rows.applyAsLong(second));
        }
    }
}
