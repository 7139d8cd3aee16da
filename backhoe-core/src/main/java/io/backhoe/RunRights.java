package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.Set;

/** What a role needs to run a plan, and not to make one. */
final class RunRights {
    /** What {@link #refuseWithout} says it with. */
    static final Set<String> CODES = Set.of("rights_missing", "permission_denied", "row_security");

    private RunRights() {}

    /** @throws io.backhoe.value.BackhoeException UNREACHABLE {@code rights_missing}, naming each GRANT, or what it may not read */
    static void refuseWithout(Database database, Session session, Plan plan) {
        var table = database.table(session, plan.spec().scope().table());
        var shape = Planner.shapeOf(plan, table);
        var missing = database.missingRights(session, table, shape.set().keySet());
        if (!missing.isEmpty()) {
            throw Planner.rightsMissing(table, missing);
        }
        try {
            database.verify(session, table, shape);
        } catch (BackhoeException e) {
            if (e.exit() == ExitCode.UNREACHABLE) {
                throw e;
            }
            // What else is wrong with the SQL is no question of rights: the run says it.
        }
    }
}
