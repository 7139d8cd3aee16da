package io.backhoe.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.EventRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    @Test
    void pausesAndTakingBackAreNoTimeOfWork() {
        var timeline = Timeline.of(
                List.of(
                        at(0, "state", "PLANNED by me"),
                        at(1, "executor", "a:1"),
                        at(2, "state", "PLANNED -> RUNNING"),
                        at(12, "state", "RUNNING -> PAUSED: asked -> by me\nor so"),
                        at(100, "executor", "b:2"),
                        at(101, "state", "PAUSED -> RUNNING"),
                        at(106, "state", "RUNNING -> VERIFYING"),
                        at(107, "state", "VERIFYING -> SUCCEEDED"),
                        at(200, "state", "SUCCEEDED -> ROLLING_BACK"),
                        at(203, "state", "ROLLING_BACK -> ROLLED_BACK")),
                null);

        assertThat(timeline.worked()).isEqualTo(Duration.ofSeconds(16));
        assertThat(timeline.undone()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aProcessThatDiedCountsUpToItsLastSignOfLife() {
        var events = List.of(
                at(0, "executor", "a:1"),
                at(1, "state", "PLANNED -> RUNNING"),
                at(21, "executor_lost", "a:1"),
                at(500, "executor", "b:2"));

        assertThat(Timeline.of(events, Accounts.START.plusSeconds(510)).worked())
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(Timeline.of(events, null).worked()).isEqualTo(Duration.ofSeconds(20));
    }

    private static EventRecord at(int second, String kind, String message) {
        return new EventRecord(Accounts.START.plusSeconds(second), kind, message);
    }
}
