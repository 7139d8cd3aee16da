package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;

/** What a role needs to run a plan, and not to make one. */
final class RunRights {
    private RunRights() {}

    /** @throws io.backhoe.value.BackhoeException UNREACHABLE {@code rights_missing}, naming each GRANT */
    static void refuseWithout(Database database, Session session, Plan plan) {
        var table = database.table(session, plan.spec().scope().table());
        var columns = Planner.shapeOf(plan, table).set().keySet();
        var missing = database.missingRights(session, table, columns);
        if (!missing.isEmpty()) {
            throw Planner.rightsMissing(table, missing);
        }
    }
}
