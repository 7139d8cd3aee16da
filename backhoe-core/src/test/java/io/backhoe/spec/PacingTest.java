package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingTest {
    @Test
    void isGentleWhereNobodySaysOtherwise() {
        assertThat(read("  description: x")).isEqualTo(Pacing.USUAL);
        assertThat(Pacing.USUAL.effectivePolicy()).isEqualTo(Policy.GENTLE);
        assertThat(Pacing.USUAL.vacuums(Policy.GENTLE)).isFalse();
        assertThat(Pacing.USUAL.vacuums(Policy.BALANCED)).isTrue();
    }

    @Test
    void readsAllThatCanBeSaid() {
        var pacing = read("""
                  policy: balanced
                  throttle:
                    replica_lag: 10s
                    active_sessions: 20
                    commit_latency: 50ms
                    slot_retention: 60 %
                    disk: off
                    probe: { query: "SELECT p99 FROM checkout", max: 300 }
                    ignore_replicas: [late]
                    vacuum: false
                  run_between: 22:00-06:00 Europe/Stockholm
                  deadline: 2026-12-01 06:00 Europe/Stockholm
                  canary: 0.5 %
                """);

        assertThat(pacing.policy()).isEqualTo(Policy.BALANCED);
        assertThat(pacing.throttle().limits())
                .isEqualTo(Map.of(
                        SignalName.REPLICA_LAG, 10.0,
                        SignalName.ACTIVE_SESSIONS, 20.0,
                        SignalName.COMMIT_LATENCY, 50.0,
                        SignalName.SLOT_RETENTION, 60.0,
                        SignalName.DISK, SignalName.OFF));
        assertThat(pacing.throttle().probe()).isEqualTo(new Pacing.Probe("SELECT p99 FROM checkout", null, 300.0));
        assertThat(pacing.throttle().ignoreReplicas()).containsExactly("late");
        assertThat(pacing.vacuums(Policy.BALANCED)).isFalse();
        assertThat(pacing.canary()).isEqualTo(0.5);
        assertThat(pacing.deadline())
                .isNotNull()
                .satisfies(d -> assertThat(d.instant()).isEqualTo(Instant.parse("2026-12-01T05:00:00Z")));
        assertThat(pacing.runBetween()).isNotNull().satisfies(hours -> {
            assertThat(hours.isOpen(Instant.parse("2026-12-01T21:00:00Z"))).isTrue();
            assertThat(hours.isOpen(Instant.parse("2026-12-01T05:00:00Z"))).isFalse();
            assertThat(hours.within(Instant.parse("2026-12-01T12:00:00Z"), Instant.parse("2026-12-02T12:00:00Z")))
                    .isEqualTo(Duration.ofHours(8));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            policy: slow                                  | policy: 'slow' is not one of gentle, balanced, fast
            throttle: {replica_lag: 5ms}                  | throttle.replica_lag: '5ms' is not a limit of replica_lag; write 10s, or off
            throttle: {active_sessions: many}             | throttle.active_sessions: 'many' is not a limit of active_sessions; write 20, or off
            throttle: {replica_leg: 5s}                   | throttle.replica_leg: unknown key (did you mean 'replica_lag'?)
            throttle: {probe: {query: SELECT 1}}          | throttle.probe.query: needs one of limit_ms (what its answer may take) and max (what it may answer)
            throttle: {probe: {limit_ms: 3}}              | throttle.probe.query: is required
            run_between: 22-06                            | run_between: '22-06' are not hours; write 22:00-06:00 Europe/Stockholm
            run_between: 22:00-06:00 Mars/Base            | run_between: 'Mars/Base' is not a time zone; write its name, such as UTC or Europe/Berlin
            run_between: 06:00-06:00                      | run_between: '06:00-06:00' has no end: both times are the same
            canary: 80%                                   | canary: '80%' is not a share of at most 50 %; write 1%
            strategy: {policy: fast}                      | strategy.policy: stands beside strategy, directly below backfill
            """)
    void refusesWhatItCannotRead(String yaml, String problem) {
        var invalid = catchThrowableOfType(InvalidSpec.class, () -> read("  " + yaml));

        assertThat(invalid.problems()).hasSize(1);
        assertThat(invalid.getMessage()).contains(problem);
    }

    @Test
    void aProbeThatIsGivenLongerThanItIsWaitedForIsWarnedOf() {
        String probe = "  throttle: {probe: {query: SELECT 1, limit_ms: ";

        assertThat(file(probe + "12000}}").warnings()).noneMatch(w -> w.contains("probe"));
        assertThat(file(probe + "20000}}").warnings())
                .contains(
                        "throttle.probe.limit_ms: no answer is waited for longer than 13 s; one that takes longer is over"
                                + " the limit");
    }

    private static Pacing read(String more) {
        return file(more).spec().pacing();
    }

    private static ReadSpec file(String more) {
        return SpecFile.read("""
                        backfill:
                          name: x
                          scope: { table: t, date_range: { start: 2023-01-01, end: 2024-01-01 } }
                        """ + more.indent(0), "x.yaml", SpecOverrides.NONE);
    }
}
