package io.backhoe.ledger;

import io.backhoe.database.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run is and what it has lost time to.
 *
 * @param last what its executor last said; null when none has said anything yet
 * @param lost over all executions, the most first
 * @param tuned what people have changed
 * @param signals what each said last
 */
public record RunPace(@Nullable PaceRecord last, List<LostTime> lost, Tuning tuned, List<SignalRecord> signals) {
    public RunPace {
        lost = List.copyOf(lost);
        signals = List.copyOf(signals);
    }

    public static RunPace read(Session session, long runId) {
        return new RunPace(
                PaceTable.find(session, runId).orElse(null),
                PaceTable.lost(session, runId),
                RunTable.tuning(session, runId),
                SignalTable.read(session, runId));
    }
}
