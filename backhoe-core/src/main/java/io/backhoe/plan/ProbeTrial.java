package io.backhoe.plan;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.Session;
import io.backhoe.spec.Pacing;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a person's own probe once, so that one that cannot work is found now, and not by a run that waits for it. */
final class ProbeTrial {
    private ProbeTrial() {}

    /** @throws BackhoeException REFUSED {@code probe_fails} */
    static void refuse(Session session, Pacing.@Nullable Probe probe) {
        if (probe == null) {
            return;
        }
        session.begin(Session.Isolation.READ_ONLY);
        try {
            var rows = session.query(probe.query(), Map.of());
            String answer = rows.size() == 1 ? rows.get(0).text(0) : null;
            boolean isNumber = answer != null && answer.matches("-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?");
            if (probe.most() != null && !isNumber) {
                throw refusal("does not answer with one number", null);
            }
        } catch (DatabaseException e) {
            throw refusal("fails: " + e.getMessage(), e);
        } finally {
            session.rollback();
        }
    }

    private static BackhoeException refusal(String what, @Nullable Throwable cause) {
        return new BackhoeException(
                ExitCode.REFUSED,
                "probe_fails",
                "The query of throttle.probe " + what + ". A run would wait for its answer. Nothing was changed.",
                "Mend throttle.probe.query; it is asked in a READ ONLY transaction, as the role that runs the backfill.",
                cause);
    }
}
