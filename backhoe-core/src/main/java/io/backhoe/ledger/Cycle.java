package io.backhoe.ledger;

import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps out a run that would wait for one that waits for it. */
final class Cycle {
    private Cycle() {}

    /**
     * To be called under the lock of {@link Overlap#refuse}, so that of two that wait for each other the second is refused.
     *
     * @throws BackhoeException CONFLICT {@code after_cycle}
     */
    static void refuse(Session session, Plan plan) {
        if (plan.spec().after().isEmpty()) {
            return;
        }
        String name = plan.spec().about().name();
        var waits = waits(session);
        var ways = new ArrayDeque<List<String>>();
        plan.spec().after().forEach(other -> ways.add(List.of(name, other)));
        Set<String> seen = new HashSet<>();
        while (!ways.isEmpty()) {
            var way = ways.remove();
            String last = way.get(way.size() - 1);
            if (last.equals(name)) {
                throw refusal(way);
            }
            if (seen.add(last)) {
                waits.getOrDefault(last, List.of()).forEach(next -> {
                    var longer = new ArrayList<>(way);
                    longer.add(next);
                    ways.add(longer);
                });
            }
        }
    }

    /** Of the runs that have not ended: what each waits for, by name. Plans that wait for nothing are not read. */
    private static Map<String, List<String>> waits(Session session) {
        var waits = new HashMap<String, List<String>>();
        session.query("""
                        SELECT p.document
                        FROM backhoe.plan p
                        WHERE position(E'\\n  after:' IN p.document) > 0
                          AND EXISTS (SELECT FROM backhoe.run r
                                      WHERE r.plan_hash = p.hash
                                        AND r.state IN ('PLANNED', 'RUNNING', 'PAUSED', 'VERIFYING', 'ROLLING_BACK'))
                        """, Map.of()).forEach(row -> {
            var spec =
                    PlanFile.readEdited(row.required(0), "plan in the ledger").spec();
            waits.computeIfAbsent(spec.about().name(), n -> new ArrayList<>()).addAll(spec.after());
        });
        return waits;
    }

    private static BackhoeException refusal(List<String> way) {
        return new BackhoeException(
                ExitCode.CONFLICT,
                "after_cycle",
                "Each would wait for the other, for ever: " + String.join(" after ", way) + ". Nothing was changed.",
                "Take a name out of 'after' in one of them and plan again; backhoe cancel ends a run that waits.");
    }
}
