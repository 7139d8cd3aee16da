package io.backhoe.cli;

import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.spec.SpecFile;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;

/** A plan, fresh or from a file, and the database that it is for. */
record Planned(Plan plan, Target target, boolean saved) {
    static Planned of(SourceFile source, SpecFlags flags, ConnectionOptions connection, Out out) {
        if (PlanFile.isPlan(source.text())) {
            if (flags.any()) {
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "plan_is_final",
                        source.name() + " is a plan: it runs as it was reviewed, without --set, --from-clause, --on or "
                                + "--where.",
                        "Leave them out, or give the spec instead.");
            }
            Plan plan = PlanFile.read(source.text(), source.name());
            return new Planned(plan, connection.target(out, plan.spec().target(), source.folder()), true);
        }
        var read = SpecFile.read(source.text(), source.name(), flags.overrides(connection.url(out)));
        var target = connection.target(out, read.spec().target(), source.folder());
        return new Planned(target.backhoe().plan(target.of(read.spec()), read.warnings()), target, false);
    }
}
