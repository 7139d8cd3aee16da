package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.report.RunReport;
import io.backhoe.value.ChunkState;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void eachStateHasItsExitCode() {
        var codes = new EnumMap<RunState, Integer>(RunState.class);
        for (RunState state : RunState.values()) {
            codes.put(state, Verdict.exit(Runs.run(state, null, false)).code());
        }

        assertThat(codes)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry(RunState.SUCCEEDED, 0),
                        Map.entry(RunState.ROLLED_BACK, 0),
                        Map.entry(RunState.PARTIAL, 5),
                        Map.entry(RunState.ROLLBACK_PARTIAL, 5),
                        Map.entry(RunState.FAILED, 6),
                        Map.entry(RunState.PAUSED, 9),
                        Map.entry(RunState.CANCELLED, 9),
                        Map.entry(RunState.PLANNED, 1),
                        Map.entry(RunState.RUNNING, 1),
                        Map.entry(RunState.VERIFYING, 1),
                        Map.entry(RunState.ROLLING_BACK, 1)));
    }

    @Test
    void aPauseThatTheBreakerMadeKeepsItsCode() {
        assertThat(Verdict.exit(Runs.run(RunState.PAUSED, 5, false))).isEqualTo(ExitCode.PARTIAL);
    }

    @Test
    void takingBackNoMoreThanWasAskedForIsASuccess() {
        assertThat(Verdict.exit(Runs.run(RunState.ROLLBACK_PARTIAL, 0, false))).isEqualTo(ExitCode.SUCCESS);
    }

    @Test
    void aStoppedRunMayBeGoneOnWith() {
        Failure failure = Objects.requireNonNull(
                Verdict.of(Runs.report(RunState.PAUSED, Runs.chunk(1, ChunkState.PENDING, 0, null)), " --url u"));

        assertThat(failure.code()).isEqualTo("run_paused");
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.hint()).isEqualTo("backhoe resume 3 --url u");
    }

    @Test
    void aRunThatPausedForItsFailuresIsToBeLookedAtAndRetried() {
        var report = new RunReport(Runs.run(RunState.PAUSED, 5, false), List.of());

        assertThat(NextStep.of(report, " --url u"))
                .isEqualTo("look at the expression, or the rows, then: backhoe retry 3 --url u");
    }
}
