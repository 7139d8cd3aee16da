package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchTimesTest {
    private static final Duration AIM = Duration.ofMillis(100);
    private static final long SECOND = 1_000_000_000L;

    private final BatchTimes times = new BatchTimes();

    @Test
    void aFewBatchesTooLargeAtFirstSayNothingOfTheServer() {
        for (int i = 1; i <= 4; i++) {
            times.add(i * SECOND, Duration.ofSeconds(3), 1_000, AIM);
        }

        assertThat(times.ofAim(4 * SECOND)).isEmpty();
        assertThat(times.median()).hasValue(new BatchTimes.Took(Duration.ofSeconds(3), 1_000));
    }

    @Test
    void theMiddleOfTheLastTenSecondsIsComparedWithItsAim() {
        for (int i = 1; i <= 20; i++) {
            times.add(i * SECOND, Duration.ofMillis(i < 10 ? 50 : 400), 100, AIM);
        }

        assertThat(times.ofAim(20 * SECOND)).hasValue(4);
        assertThat(times.ofAim(40 * SECOND)).isEmpty();
    }
}
