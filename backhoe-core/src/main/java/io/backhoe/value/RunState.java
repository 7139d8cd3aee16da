package io.backhoe.value;

import java.util.Map;
import java.util.Set;

/** Where a run stands. What may follow what is the table below and nothing else. */
public enum RunState {
    PLANNED,
    RUNNING,
    PAUSED,
    VERIFYING,
    SUCCEEDED,
    PARTIAL,
    FAILED,
    CANCELLED,
    ROLLING_BACK,
    ROLLED_BACK,
    ROLLBACK_PARTIAL;

    private static final Map<RunState, Set<RunState>> NEXT = Map.ofEntries(
            Map.entry(PLANNED, Set.of(RUNNING, CANCELLED)),
            Map.entry(RUNNING, Set.of(PAUSED, VERIFYING, CANCELLED)),
            Map.entry(PAUSED, Set.of(RUNNING, CANCELLED, ROLLING_BACK)),
            Map.entry(VERIFYING, Set.of(SUCCEEDED, PARTIAL, FAILED, PAUSED, RUNNING)),
            Map.entry(SUCCEEDED, Set.of(ROLLING_BACK)),
            Map.entry(PARTIAL, Set.of(RUNNING, ROLLING_BACK)),
            Map.entry(FAILED, Set.of(RUNNING, ROLLING_BACK)),
            Map.entry(CANCELLED, Set.of(ROLLING_BACK)),
            Map.entry(ROLLING_BACK, Set.of(ROLLED_BACK, ROLLBACK_PARTIAL, PAUSED)),
            Map.entry(ROLLED_BACK, Set.of()),
            Map.entry(ROLLBACK_PARTIAL, Set.of(ROLLING_BACK)));

    /** Whether a process is at it, unless that has died. */
    public boolean isUnderWay() {
        return this == RUNNING || this == VERIFYING || this == ROLLING_BACK;
    }

    public boolean mayBecome(RunState next) {
        return NEXT.getOrDefault(this, Set.of()).contains(next);
    }
}
