package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
    @Test
    void opensAtTheThirdFailureInARow() {
        var breaker = new Breaker();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        breaker.succeeded();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.failed()).isTrue();
    }

    @Test
    void aRunSetsAsideAHundredthOfAPercentBetweenTenAndAHundredRows() {
        assertThat(Breaker.mostQuarantined(0)).isEqualTo(10);
        assertThat(Breaker.mostQuarantined(500_000)).isEqualTo(50);
        assertThat(Breaker.mostQuarantined(1_000_000_000)).isEqualTo(100);
    }
}
