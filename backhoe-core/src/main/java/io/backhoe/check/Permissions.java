package io.backhoe.check;

import io.backhoe.plan.Planner;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;

/** Whether the role may do all that a run does. */
final class Permissions implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        var set = ground.plan().spec().requiredTransform().set().keySet();
        var shape = Planner.shapeOf(ground.plan(), ground.table());
        var missing = ground.database().missingRights(ground.session(), ground.table(), shape);
        if (missing.isEmpty()) {
            try {
                // The server looks at the rights to all that a statement reads when it explains it.
                ground.database().verify(ground.session(), ground.table(), shape);
            } catch (BackhoeException e) {
                if (e.exit() != ExitCode.UNREACHABLE) {
                    throw e;
                }
                return CheckResult.fails(e.getMessage() + "; " + e.hint());
            }
        }
        return missing.isEmpty()
                ? CheckResult.holds("the role may fill " + String.join(", ", set) + " and keep the ledger")
                : CheckResult.fails("the role lacks rights; for the owner to run: " + String.join(" ", missing));
    }
}
