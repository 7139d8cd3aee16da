package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizerTest {
    private static final Duration TARGET = Duration.ofMillis(500);

    @Test
    void slownessAloneMakesNoBatchSmallerThanTheLeast() {
        var sizer = new BatchSizer(1_000, 100_000, 1_000, Duration.ofMillis(100));
        for (int i = 0; i < 20; i++) {
            sizer.took(Duration.ofMillis(150));
            sizer.took(Duration.ofSeconds(5));
        }
        assertThat(sizer.rows()).isEqualTo(1_000);

        sizer.halve();
        assertThat(sizer.rows()).isEqualTo(500);
        sizer.took(Duration.ofSeconds(5));
        assertThat(sizer.rows()).isEqualTo(500);
    }

    @Test
    void growsByAtMostHalfAtATime() {
        var sizer = new BatchSizer(1000, 100_000, TARGET);
        sizer.took(Duration.ofMillis(1));
        assertThat(sizer.rows()).isEqualTo(1500);
    }

    @Test
    void settlesWhereABatchTakesTheTarget() {
        var sizer = new BatchSizer(1000, 100_000, TARGET);
        for (int batch = 0; batch < 60; batch++) {
            sizer.took(Duration.ofNanos(sizer.rows() * 25_000L));
        }
        assertThat(sizer.rows()).isBetween(18_000, 22_000);
    }

    @Test
    void neverExceedsTheLargest() {
        var sizer = new BatchSizer(1000, 2000, TARGET);
        for (int batch = 0; batch < 10; batch++) {
            sizer.took(Duration.ofMillis(1));
        }
        assertThat(sizer.rows()).isEqualTo(2000);
    }

    @Test
    void fallsToATenthWhenABatchTakesMoreThanFiveTimesTheTarget() {
        var sizer = new BatchSizer(1000, 2000, TARGET);
        sizer.took(Duration.ofMillis(2501));
        assertThat(sizer.rows()).isEqualTo(100);
    }

    @Test
    void oneSlowBatchOfTenIsEnoughToShrink() {
        var sizer = new BatchSizer(1000, 1000, TARGET);
        for (int batch = 0; batch < 8; batch++) {
            sizer.took(TARGET);
        }
        sizer.took(Duration.ofMillis(1000));
        assertThat(sizer.rows()).isEqualTo(500);
    }

    @Test
    void halvesDownToOneRowAndNoFurtherAndGrowsAgain() {
        var sizer = new BatchSizer(5, 1000, TARGET);
        sizer.halve();
        assertThat(sizer.rows()).isEqualTo(2);
        sizer.halve();
        sizer.halve();
        assertThat(sizer.rows()).isEqualTo(1);
        sizer.took(Duration.ofMillis(1));
        assertThat(sizer.rows()).isEqualTo(2);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new BatchSizer(0, 10, TARGET)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BatchSizer(20, 10, TARGET)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BatchSizer(1, 10, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aShorterTargetMakesTheNextBatchSmallerAtOnce() {
        var sizer = new BatchSizer(1000, 100_000, TARGET);
        sizer.aim(Duration.ofMillis(100));
        assertThat(sizer.rows()).isEqualTo(200);
        sizer.took(Duration.ofMillis(100));
        assertThat(sizer.rows()).isEqualTo(200);
    }

    @Test
    void aLongerTargetLetsBatchesGrowAsTheyAreMeasured() {
        var sizer = new BatchSizer(1000, 100_000, TARGET);
        sizer.aim(Duration.ofSeconds(2));
        assertThat(sizer.rows()).isEqualTo(1000);
        sizer.took(Duration.ofMillis(500));
        assertThat(sizer.rows()).isEqualTo(1500);
    }
}
