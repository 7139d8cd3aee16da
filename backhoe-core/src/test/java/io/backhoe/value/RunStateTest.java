package io.backhoe.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RunStateTest {
    @Test
    void whatIsRolledBackStaysSo() {
        for (RunState next : RunState.values()) {
            assertThat(RunState.ROLLED_BACK.mayBecome(next)).isFalse();
        }
    }

    @Test
    void onlyARunThatVerifiesSucceeds() {
        var before = EnumSet.allOf(RunState.class);
        before.removeIf(s -> !s.mayBecome(RunState.SUCCEEDED));
        assertThat(before).containsExactly(RunState.VERIFYING);
    }

    @Test
    void everyEndedOrPausedRunCanBeRolledBackUntilItIs() {
        var before = EnumSet.allOf(RunState.class);
        before.removeIf(s -> !s.mayBecome(RunState.ROLLING_BACK));
        assertThat(before)
                .containsExactlyInAnyOrder(
                        RunState.PAUSED,
                        RunState.SUCCEEDED,
                        RunState.PARTIAL,
                        RunState.FAILED,
                        RunState.CANCELLED,
                        RunState.ROLLBACK_PARTIAL);
    }

    @Test
    void noStateBecomesItself() {
        for (RunState state : RunState.values()) {
            assertThat(state.mayBecome(state)).isFalse();
        }
    }
}
