package io.backhoe.cli;

import io.backhoe.PlanOptions;
import io.backhoe.run.RunOptions;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "run", description = "Executes a plan. Of a spec it makes the plan, shows it and asks first.")
final class RunVerb implements Verb {
    @Parameters(paramLabel = "PLAN|SPEC", description = "The file of a plan or of a spec; - reads stdin.")
    private String file = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Plan or check, show, and write nothing.")
    private boolean dryRun;

    @Option(
            names = "--full",
            description =
                    "Have the post-checks look at everything, not at a sample, and each batch compare what it must "
                            + "not change where the plan asks for that. Kept for whoever resumes the run.")
    private boolean full;

    @Mixin
    private SpecFlags flags = new SpecFlags();

    @Mixin
    private RehearsalOption rehearsal = new RehearsalOption();

    @Mixin
    private ExecutionOptions execution = new ExecutionOptions();

    @Mixin
    private PluginOption plugins = new PluginOption();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out verb) throws Exception {
        Out out = execution.talk(verb);
        return NothingMissing.or(out, () -> execute(out));
    }

    private Answer execute(Out out) throws Exception {
        var source = SourceFile.read(file, out.terminal());
        var options = dryRun ? PlanOptions.LOOK_ONLY : rehearsal.options(out);
        var planned = Looking.at(connection, () -> Planned.of(source, flags, connection, plugins, options, out));
        var backhoe = planned.target().backhoe();
        if (dryRun) {
            return dryRun(planned, out);
        }
        if (planned.saved()) {
            out.line("Plan " + planned.plan().spec().about().name() + " ("
                    + PlanPage.shortHash(planned.plan().hash()) + ") on "
                    + planned.target().description());
        } else {
            out.lines(yes ? PlanPage.inShort(planned.plan()) : PlanPage.of(planned.plan(), false));
        }
        backhoe.doneBefore(planned.plan())
                .ifPresent(before -> out.warn("Run " + before.id() + " has executed this plan before ("
                        + before.state() + ", begun on " + Figures.instant(before.createdAt())
                        + "). It writes rows whether or not they are done: what that run did is done again."));
        offerLedger(planned, out);
        return Execution.of(
                out,
                planned.target(),
                execution,
                plugins,
                (stop, listener) -> backhoe.run(planned.plan(), runOptions(), stop, listener));
    }

    private RunOptions runOptions() {
        return full ? execution.options().checkingAll() : execution.options();
    }

    /** A spec is asked about, and its question covers the ledger; a saved plan is not, so the ledger is. */
    private void offerLedger(Planned planned, Out out) {
        var ledger = planned.target().backhoe().ledger();
        var offer = new LedgerOffer(out, planned.target());
        if (planned.saved()) {
            offer.confirm(ledger, yes);
            return;
        }
        String what = LedgerOffer.of(ledger);
        if (what != null && !yes && out.canAsk()) {
            out.line(what);
        }
        confirm(planned, out);
        if (yes) {
            offer.confirm(ledger, true);
        }
    }

    private void confirm(Planned planned, Out out) {
        if (yes) {
            return;
        }
        String table = planned.plan().spec().scope().table().toString();
        if (!out.canAsk() || file.equals("-")) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "confirmation_missing",
                    "Nobody can be asked whether to run this plan on " + table + ". Nothing was changed.",
                    "Add --yes, or save a plan with backhoe plan, review it, and run that.");
        }
        if (!out.confirm("Run this plan on " + table + " in " + planned.target().description() + "?")) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "not_confirmed",
                    "Not confirmed. Nothing was changed.",
                    "backhoe plan " + file + " saves the plan for review.");
        }
    }

    private Answer dryRun(Planned planned, Out out) {
        var backhoe = planned.target().backhoe();
        if (planned.saved()) {
            backhoe.verify(planned.plan());
        }
        out.lines(PlanPage.of(planned.plan(), false));
        if (!backhoe.hasLedger()) {
            out.line("The ledger (schema backhoe) is not there yet; a real run creates it.");
        }
        out.line(
                planned.saved()
                        ? "The table is as it was planned. Dry run: nothing was changed."
                        : "Dry run: nothing was changed, and nothing was rehearsed.");
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("dry_run", true);
        data.put("run_id", null);
        data.put("state", null);
        data.putAll(PlanDocument.of(planned.plan(), planned.saved() ? file : null));
        return Answer.done(data);
    }
}
