package io.backhoe.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.value.RunState;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class LineageIdTest {
    @Test
    void isTheSameInEachProcessAndAnotherForEachThingThatIsDone() {
        var ids = new HashSet<>();
        for (int ends = 0; ends < 3; ends++) {
            for (boolean undo : new boolean[] {false, true}) {
                var id = LineageId.of(KnownRuns.known(KnownRuns.run(RunState.PLANNED, false, null), ends), undo);
                assertThat(LineageId.of(KnownRuns.known(KnownRuns.run(RunState.PAUSED, true, 9), ends), undo))
                        .isEqualTo(id);
                assertThat(id.version()).isEqualTo(7);
                assertThat(id.variant()).isEqualTo(2);
                assertThat(id.getMostSignificantBits() >>> 16)
                        .isEqualTo(
                                KnownRuns.in(RunState.PLANNED).run().createdAt().toEpochMilli());
                ids.add(id);
            }
        }
        assertThat(ids).hasSize(6);
    }
}
