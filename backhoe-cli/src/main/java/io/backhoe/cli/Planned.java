package io.backhoe.cli;

import io.backhoe.PlanOptions;
import io.backhoe.database.DatabaseException;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.spec.SpecFile;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;

/** A plan, fresh or from a file, and the database that it is for. */
record Planned(Plan plan, Target target, boolean saved) {
    static Planned of(
            SourceFile source,
            SpecFlags flags,
            ConnectionOptions connection,
            PluginOption plugins,
            PlanOptions options,
            Out out) {
        if (PlanFile.isPlan(source.text())) {
            if (flags.any()) {
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "plan_is_final",
                        source.name() + " is a plan: it runs as it was reviewed, without --set, --from-clause, --on or "
                                + "--where.",
                        "Leave them out, or give the spec instead.");
            }
            Plan plan = saved(source, connection, out);
            return new Planned(
                    plan,
                    plugins.with(connection
                            .target(out, plan.spec().target(), source.folder())
                            .filesIn(source.folder())),
                    true);
        }
        var read = SpecFile.read(source.text(), source.name(), flags.overrides(connection.url(out)));
        var target = plugins.with(
                connection.target(out, read.spec().target(), source.folder()).filesIn(source.folder()));
        return new Planned(target.backhoe().plan(target.of(read.spec()), read.warnings(), options), target, false);
    }

    /** @throws BackhoeException DRIFTED for a plan that was edited, with what stood there before where the ledger knows it */
    private static Plan saved(SourceFile source, ConnectionOptions connection, Out out) {
        try {
            return PlanFile.read(source.text(), source.name());
        } catch (BackhoeException e) {
            throw e.exit() == ExitCode.DRIFTED ? beside(source, connection, out, e) : e;
        }
    }

    private static BackhoeException beside(
            SourceFile source, ConnectionOptions connection, Out out, BackhoeException edited) {
        Plan now = PlanFile.readEdited(source.text(), source.name());
        try {
            var target = connection.target(out, now.spec().target(), source.folder());
            var original = target.backhoe().planned(now.hash());
            return original.isEmpty() ? edited : withOriginal(edited, original.get(), now);
        } catch (BackhoeException | DatabaseException e) {
            // Without a ledger to ask, what the file says of itself is what there is.
            return edited;
        }
    }

    private static BackhoeException withOriginal(BackhoeException edited, Plan original, Plan now) {
        var lines = new ArrayList<String>();
        new PlanDiff(original, now).sections().forEach((section, differences) -> {
            if (!section.equals("forecast")) {
                lines.add(section);
                differences.forEach(line -> lines.add("  " + line));
            }
        });
        String first = edited.getMessage().lines().findFirst().orElse("");
        return new BackhoeException(
                edited.exit(),
                edited.code(),
                first + " What the ledger has under that hash (-), and what stands here (+):\n  "
                        + String.join("\n  ", lines),
                edited.hint(),
                edited);
    }
}
