package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void waitsUpToAHundredMillisecondsDoubledEachTimeAndNeverMoreThanTenSeconds() {
        var backoff = new Backoff(new Random(42));
        for (int attempt = 0; attempt < 70; attempt++) {
            long ceiling = attempt > 6 ? 10_000 : 100L << attempt;
            for (int i = 0; i < 200; i++) {
                assertThat(backoff.before(attempt)).isBetween(Duration.ZERO, Duration.ofMillis(ceiling));
            }
        }
    }

    @Test
    void usesTheWholeOfItsRange() {
        var backoff = new Backoff(new Random(42));
        var stream = java.util.stream.IntStream.range(0, 1000)
                .mapToLong(i -> backoff.before(10).toMillis())
                .summaryStatistics();
        assertThat(stream.getMin()).isLessThan(500);
        assertThat(stream.getMax()).isGreaterThan(9_500);
        assertThat(stream.getAverage()).isBetween(4_500.0, 5_500.0);
    }
}
