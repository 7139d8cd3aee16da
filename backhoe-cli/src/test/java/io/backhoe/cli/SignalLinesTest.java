package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.ledger.SignalRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalLinesTest {
    private static final List<SignalRecord> SIGNALS = List.of(
            new SignalRecord("replica_lag", "0.4 s (replica_1)", "5 s", Duration.ofMillis(900), ""),
            new SignalRecord("active_sessions", "", "", Duration.ZERO, "say how many processors the server has"),
            new SignalRecord("lock_waits", "", "off", Duration.ZERO, ""),
            new SignalRecord("probe", "", "300", Duration.ZERO, ""),
            new SignalRecord("deadline", "8 rows/s", "10 rows/s needed until 2026-12-02T12:00 Z", Duration.ZERO, ""));

    @Test
    void tellsOfEachSignalWithValueLimitAgeOrCure() {
        assertThat(SignalLines.table(SIGNALS))
                .containsExactly(
                        "  signals      replica_lag      0.4 s (replica_1) of 5 s, 0.9 s ago",
                        "               active_sessions  not watched: say how many processors the server has",
                        "               lock_waits       off: nobody wants it watched",
                        "               probe            not known yet");
    }

    @Test
    void tellsOfTheDeadlineApart() {
        assertThat(SignalLines.deadline(SIGNALS))
                .containsExactly("  deadline     8 rows/s of 10 rows/s needed until 2026-12-02T12:00 Z");
        assertThat(SignalLines.deadline(List.of())).isEmpty();
    }
}
