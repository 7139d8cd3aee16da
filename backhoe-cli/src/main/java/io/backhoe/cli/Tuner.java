package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
import io.backhoe.ledger.Tuning;
import io.backhoe.value.BackhoeException;
import org.jspecify.annotations.Nullable;

/** Tunes a run for somebody who watches it. */
final class Tuner {
    private Tuner() {}

    /** @return why it was not done; null when it was */
    static @Nullable String workers(Target target, long runId, int wished) {
        try {
            target.backhoe().tune(runId, new Tuning(wished, null), Requester.name());
            return null;
        } catch (BackhoeException | DatabaseException e) {
            return "not tuned: " + e.getMessage();
        }
    }
}
