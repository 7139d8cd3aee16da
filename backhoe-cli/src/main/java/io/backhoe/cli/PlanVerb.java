package io.backhoe.cli;

import io.backhoe.plan.Plan;
import io.backhoe.plan.PlanFile;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "plan",
        description = "Resolves a spec against the live table, and writes what would run into a file for review. "
                + "Tries it on three batches of at most 500 rows, rolled back, to forecast what it takes.")
final class PlanVerb implements Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "SPEC",
            description = "The file with what is wanted; - reads stdin. With --show or --diff it may be a plan.")
    private @Nullable String file;

    @Option(
            names = "--rest-of",
            paramLabel = "RUN",
            description =
                    "In place of a spec: plan the chunks that this run, which has ended, has left, for the table as "
                            + "it is by now.")
    private @Nullable String restOf;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the plan goes; - is stdout. Default: NAME.plan.yaml beside the spec.")
    private @Nullable String output;

    @Option(names = "--force", description = "Overwrite a file that is not a plan, or a plan that was edited.")
    private boolean force;

    @Option(
            names = "--sql",
            description = "Show every statement with the values of a chunk, to be pasted into psql, and how the server "
                    + "would execute it.")
    private boolean sql;

    @Option(names = "--show", description = "Show a saved plan; connects to nothing.")
    private boolean show;

    @Option(
            names = "--diff",
            paramLabel = "OLD",
            description = "Show what differs from a saved plan, also one that was edited. Writes no file unless "
                    + "--output names one; of two plans it connects to nothing.")
    private @Nullable String diff;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private RehearsalOption rehearsal = new RehearsalOption();

    @Mixin
    private SpecFlags flags = new SpecFlags();

    @Mixin
    private PluginOption plugins = new PluginOption();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions options = new OutputOptions();

    @Override
    public Answer answer(Out out) throws Exception {
        return NothingMissing.or(out, () -> Looking.at(connection, () -> look(out)));
    }

    private Answer look(Out out) {
        boolean toStdout = OutputFile.isStdout(output, out);
        if (diff != null && toStdout) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", "--diff and --output - both want stdout.", "Leave one of them out.");
        }
        if (restOf != null) {
            return rest(restOf, toStdout, out);
        }
        if (file == null) {
            throw new ParameterException(command.commandLine(), "Missing required parameter: 'SPEC'");
        }
        var source = SourceFile.read(file, out.terminal());
        if (show) {
            return show(PlanFile.read(source.text(), source.name()), out);
        }
        boolean saved = PlanFile.isPlan(source.text());
        if (diff != null && saved) {
            return diff(diff, PlanFile.readEdited(source.text(), source.name()), source.name(), out);
        }
        if (saved) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "is_a_plan",
                    source.name() + " is a plan already.",
                    "backhoe plan " + file + " --show shows it; backhoe run " + file
                            + " --dry-run checks it against the table; plan takes the spec.");
        }
        var planned = Planned.of(source, flags, connection, plugins, rehearsal.options(out), out);
        if (diff != null && output == null) {
            return diff(diff, planned.plan(), "planned now from " + source.name(), out);
        }
        Answer written = toStdout ? toStdout(planned, out) : toFile(planned, file(source, name(planned)), out);
        return diff == null ? written : diff(diff, planned.plan(), "planned now from " + source.name(), out);
    }

    private Answer rest(String run, boolean toStdout, Out out) {
        if (file != null || show || diff != null || flags.any()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--rest-of takes what the run was planned with: no SPEC, and no flags of one");
        }
        var target = plugins.with(connection.target(out));
        long runId = target.backhoe().find(run);
        var planned = new Planned(target.backhoe().planRest(runId, rehearsal.options(out)), target, false);
        String name = output != null ? output : OutputFile.named(name(planned) + "-rest-of-" + runId, ".plan.yaml");
        return toStdout ? toStdout(planned, out) : toFile(planned, OutputFile.of(name), out);
    }

    private static String name(Planned planned) {
        return planned.plan().spec().about().name();
    }

    private Answer toStdout(Planned planned, Out out) {
        out.terminal().out().print(PlanFile.write(planned.plan()));
        PlanPage.of(planned.plan(), sql).forEach(out.terminal().err()::println);
        return Answer.done(PlanDocument.of(planned.plan(), null));
    }

    private Answer toFile(Planned planned, OutputFile to, Out out) {
        PlanPlace.Replaced replaced = new PlanPlace(to).write(planned.plan(), force);
        out.lines(PlanPage.of(planned.plan(), sql));
        out.line("Written to " + to.name() + ". Nothing was changed in the database.");
        if (replaced != null) {
            out.line("It takes the place of plan " + PlanPage.shortHash(replaced.hash()) + ", which is kept as "
                    + replaced.keptAs() + ". What differs:");
            out.line("  backhoe plan " + to.name() + " --diff " + replaced.keptAs());
        }
        out.line("Next:");
        out.line("  backhoe run " + to.name() + planned.target().flags() + plugins.flags());
        Map<String, @Nullable Object> data = new LinkedHashMap<>(PlanDocument.of(planned.plan(), to.name()));
        data.put("replaced", replaced == null ? null : replaced.data());
        return Answer.done(data);
    }

    private Answer show(Plan plan, Out out) {
        out.lines(PlanPage.of(plan, sql));
        return Answer.done(PlanDocument.of(plan, file));
    }

    private static Answer diff(String oldFile, Plan now, String name, Out out) {
        var source = SourceFile.read(oldFile, out.terminal());
        if (!PlanFile.isPlan(source.text())) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "not_a_plan",
                    oldFile + " is not a plan.",
                    "--diff takes the file of a plan that was saved before.");
        }
        var difference = new PlanDiff(PlanFile.readEdited(source.text(), source.name()), now);
        out.lines(difference.page(oldFile, name));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("old", oldFile);
        data.put("same_work", difference.sameWork());
        data.put("differences", difference.sections());
        return Answer.done(data);
    }

    private OutputFile file(SourceFile source, String name) {
        return OutputFile.of(
                output != null
                        ? output
                        : source.folder()
                                .resolve(OutputFile.named(name, ".plan.yaml"))
                                .toString());
    }
}
