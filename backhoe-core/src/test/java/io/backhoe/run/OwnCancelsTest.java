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
        assertThat(cancels.wasOurs(nanos.get())).isFalse();
    }

    @Test
    void oursHasItsEffectWhileItIsSentAndShortlyAfter() {
        cancels.send(() -> assertThat(cancels.wasOurs(nanos.get())).isTrue());
        pass(Duration.ofMillis(900));

        assertThat(cancels.wasOurs(nanos.get())).isTrue();
        assertThat(cancels.wasOurs(nanos.get()))
                .as("a second one that was under way")
                .isTrue();
    }

    @Test
    void oursThatFoundNothingToCancelIsNotWhatAPersonDoesLater() {
        cancels.send(() -> {});
        pass(Duration.ofMillis(1_100));

        assertThat(cancels.wasOurs(nanos.get())).isFalse();
    }

    @Test
    void oursEndsAlsoABatchThatLooksForInterruptsLongAfter() {
        long begun = nanos.get();
        pass(Duration.ofMillis(100));
        cancels.send(() -> {});
        pass(Duration.ofSeconds(30));

        assertThat(cancels.wasOurs(begun)).isTrue();
        assertThat(cancels.wasOurs(nanos.get())).as("of the next batch").isFalse();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
