package io.backhoe.run.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSliceTest {
    private static final long CLOCK = 10_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 1.5, 2, 3.25, 10})
    void restsSoManyTimesAsLongAsItWorksInSleepsThatAServerCanSleep(double rest) {
        var slice = TimeSlice.of(rest, 0, 1);

        double sleep = slice.periodMicros() - slice.workMicros();
        assertThat(sleep / slice.workMicros()).isCloseTo(rest, within(rest / 100));
        assertThat(sleep % 1_000).isZero();
    }

    @Test
    void sleepsNoLongerThanTenMillisecondsWithinABatch() {
        var slice = TimeSlice.of(59, 0, 1);

        assertThat(slice.workMicros()).isEqualTo(1_000);
        assertThat(slice.periodMicros()).isEqualTo(11_000);
    }

    @Test
    void worksAllTheTimeWithoutRest() {
        assertThat(TimeSlice.of(0, 1, 2)).isEqualTo(TimeSlice.ALL);
        assertThat(TimeSlice.ALL.rested(Duration.ofSeconds(1), 1_000)).isZero();
    }

    @Test
    void workersDoNotWorkAtTheSameTimeWhereThereIsRoom() {
        int workers = 3;
        var slices = IntStream.range(0, workers)
                .mapToObj(place -> TimeSlice.of(2, place, workers))
                .toList();

        for (long clock = 0; clock < CLOCK; clock += 10) {
            long now = clock;
            assertThat(slices.stream().filter(s -> works(s, now)).count()).isOne();
        }
    }

    @Test
    void everyWorkerHasItsShareWhereTheyOverlap() {
        var shares = IntStream.range(0, 4).mapToObj(place -> share(TimeSlice.of(1, place, 4)));

        assertThat(shares).allSatisfy(share -> assertThat(share).isCloseTo(0.5, within(0.02)));
    }

    @Test
    void knowsForHowLongABatchRested() {
        var slice = TimeSlice.of(2, 0, 1);

        assertThat(slice.rested(Duration.ofMillis(90), 3_000)).isEqualTo(Duration.ofMillis(60));
        // Ten rows of a second each sleep ten times at most.
        assertThat(slice.rested(Duration.ofSeconds(10), 10)).isEqualTo(Duration.ofMillis(20));
    }

    private static boolean works(TimeSlice slice, long clock) {
        return (clock + slice.offsetMicros()) % slice.periodMicros() < slice.workMicros();
    }

    private static double share(TimeSlice slice) {
        return LongStream.range(0, CLOCK).filter(clock -> works(slice, clock)).count() / (double) CLOCK;
    }
}
