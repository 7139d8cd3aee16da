package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.plan.Cascades;
import io.backhoe.plan.Plan;
import io.backhoe.plan.Planner;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a role needs to run a plan, and not to make one. */
final class RunRights {
    /** What {@link #refuseWithout} says it with. */
    static final Set<String> CODES = Set.of("rights_missing", "permission_denied", "row_security");

    private RunRights() {}

    /** Before-images are sent from a table of the session's own, and what functions make of rows comes into one. */
    private static void refuseWithoutScratch(Session session, TableFacts table) {
        var row = session.query("""
                        SELECT has_database_privilege(current_database(), 'TEMPORARY'),
                               'GRANT TEMPORARY ON DATABASE ' || quote_ident(current_database()) || ' TO '
                                   || quote_ident(current_user) || ';'
                        """, Map.of()).get(0);
        if (!row.yes(0)) {
            throw Planner.rightsMissing(table, List.of(row.required(1)));
        }
    }

    /** @throws io.backhoe.value.BackhoeException UNREACHABLE {@code rights_missing}, naming each GRANT, or what it may not read */
    static void refuseWithout(Database database, Session session, Plan plan) {
        var table = database.table(session, plan.spec().scope().table());
        var shape = Planner.shapeOf(plan, table);
        var missing = database.missingRights(session, table, shape);
        if (!missing.isEmpty()) {
            throw Planner.rightsMissing(table, missing);
        }
        new Cascades(database, plan).refuse(session);
        if (plan.spec().rollback().export() != null || plan.sql().given() != null) {
            refuseWithoutScratch(session, table);
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
