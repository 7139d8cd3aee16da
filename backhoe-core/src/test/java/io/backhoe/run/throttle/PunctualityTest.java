package io.backhoe.run.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.TimeLeft;
import io.backhoe.value.Deadline;
import io.backhoe.value.WorkHours;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PunctualityTest {
    private static final Deadline DEADLINE = new Deadline(LocalDateTime.of(2026, 12, 2, 12, 0), ZoneOffset.UTC);
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private final Punctuality always = new Punctuality(DEADLINE, null);

    @Test
    void saysNothingWhileItIsMeasuredOrInTime() {
        assertThat(always.look(NOON, 1_000, null, null)).isNull();
        assertThat(always.look(NOON, 1_000, 10.0, left(20, 30))).isNull();
    }

    @Test
    void warnsOnceWithTheRateThatItWouldTakeAndTellsWhenItIsInTimeAgain() {
        var warning = Objects.requireNonNull(always.look(NOON, 864_000, 8.4, left(25, 30)));

        assertThat(warning.kind()).isEqualTo(Decision.Kind.WARNING);
        assertThat(warning.message())
                .startsWith(
                        "deadline 2026-12-02T12:00 Z cannot be met; 864,000 rows are left: 10 rows/s are needed and 8 are"
                                + " done");
        assertThat(always.look(NOON, 864_000, 8.4, left(26, 30))).isNull();
        assertThat(always.look(NOON, 864_000, 20.0, left(10, 14)))
                .isNotNull()
                .satisfies(d -> assertThat(d.message()).contains("can be met again"));
    }

    @Test
    void tellsALateHourFromOneThatNeverComes() {
        var nights = new Punctuality(
                new Deadline(LocalDateTime.of(2026, 12, 1, 18, 0), ZoneOffset.UTC), WorkHours.parse("22:00-06:00"));

        assertThat(nights.look(NOON, 10, 1.0, null))
                .satisfies(d -> assertThat(said(d))
                        .isEqualTo(
                                "deadline 2026-12-01T18:00 Z: no hours for work are left before it: 10 rows are left"));
        assertThat(always.look(NOON.plus(Duration.ofDays(2)), 10, 1.0, null))
                .satisfies(d -> assertThat(said(d)).contains("has passed: 10 rows are left"));
    }

    private static String said(@Nullable Decision decision) {
        return Objects.requireNonNull(decision).message();
    }

    @Test
    void countsTheHoursInWhichItMayWorkAlone() {
        var nights = new Punctuality(DEADLINE, WorkHours.parse("22:00-06:00"));

        assertThat(nights.look(NOON, 1_000, 1.0, left(7, 9))).isNull();
        assertThat(nights.look(NOON, 1_000, 1.0, left(9, 11))).isNotNull();
    }

    @Test
    void saysWhenItHasPassed() {
        var passed = Objects.requireNonNull(always.look(NOON.plus(Duration.ofDays(2)), 5, null, null));

        assertThat(passed.message()).isEqualTo("deadline 2026-12-02T12:00 Z has passed: 5 rows are left");
    }

    private static TimeLeft left(int low, int high) {
        return new TimeLeft(Duration.ofHours(low), Duration.ofHours(high));
    }
}
