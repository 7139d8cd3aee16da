package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.BackhoeException;

/** Tunes a run for somebody who watches it. */
final class Tuner {
    private Tuner() {}

    static LiveKeys.Outcome workers(Target target, long runId, int wished) {
        try {
            target.backhoe().tune(runId, new Tuning(wished, null), Requester.name());
        } catch (BackhoeException | DatabaseException e) {
            return new LiveKeys.Outcome(false, "not tuned: " + e.getMessage());
        }
        try {
            return new LiveKeys.Outcome(true, done(target, runId));
        } catch (BackhoeException | DatabaseException e) {
            // It is tuned all the same.
            return new LiveKeys.Outcome(true, said(runId, new Tuning(wished, null)));
        }
    }

    /** {@code Run 3 is tuned: 4 workers.} */
    static String done(Target target, long runId) {
        return said(runId, target.backhoe().status(runId, 0).pace().tuned());
    }

    static String said(long runId, Tuning tuned) {
        return "Run " + runId + " is tuned: " + tuned + ".";
    }
}
