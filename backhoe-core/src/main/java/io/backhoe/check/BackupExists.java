package io.backhoe.check;

/** Whether what the run overwrites can be had back. */
final class BackupExists implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        return ground.plan().sql().images() == null
                ? CheckResult.fails(
                        "rollback.strategy is none: no before-images are kept, and this version looks at no other"
                                + " backup")
                : CheckResult.holds(
                        "before-images are kept in this database, in the transaction of each batch; they do not"
                                + " cover what triggers do elsewhere");
    }
}
