package io.backhoe.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OwnCancelsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final OwnCancels cancels = new OwnCancels(nanos::get);

    @Test
    void aCancelThatNobodyHereHasSentIsSomebodyElses() {
        assertThat(cancels.wasOurs()).isFalse();
    }

    @Test
    void oursHasItsEffectWhileItIsSentAndShortlyAfter() {
        cancels.send(() -> assertThat(cancels.wasOurs()).isTrue());
        pass(Duration.ofMillis(900));

        assertThat(cancels.wasOurs()).isTrue();
        assertThat(cancels.wasOurs()).as("a second one that was under way").isTrue();
    }

    @Test
    void oursThatFoundNothingToCancelIsNotWhatAPersonDoesLater() {
        cancels.send(() -> {});
        pass(Duration.ofMillis(1_100));

        assertThat(cancels.wasOurs()).isFalse();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
