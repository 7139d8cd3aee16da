package io.backhoe.check;

/** Whether the role may do all that a run does. */
final class Permissions implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        var set = ground.plan().spec().requiredTransform().set().keySet();
        var missing = ground.database().missingRights(ground.session(), ground.table(), set);
        return missing.isEmpty()
                ? CheckResult.holds("the role may fill " + String.join(", ", set) + " and keep the ledger")
                : CheckResult.fails("the role lacks rights; for the owner to run: " + String.join(" ", missing));
    }
}
