package io.backhoe.check;

import io.backhoe.spec.Spec;

/** Whether what the run overwrites can be had back. */
final class BackupExists implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        Spec spec = ground.plan().spec();
        Spec.Backup backup = spec.rollback().backup();
        if (ground.plan().sql().images() != null && spec.rollback().export() == null) {
            return CheckResult.holds(
                    "before-images are kept in this database, in the transaction of each batch; they do"
                            + " not cover what triggers do elsewhere");
        }
        if (backup != null) {
            return new BackupPlace(backup).look();
        }
        Spec.Function function = spec.requiredTransform().perChunk();
        String why = function != null
                ? "function '" + function.name() + "' is called for each chunk, outside of our transactions"
                : "rollback.strategy is none";
        return CheckResult.fails(why + ": no before-images are kept, and rollback.backup_location names no backup");
    }
}
