package io.backhoe.cli;

import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Every command there is. */
final class Commands {
    private Commands() {}

    static CommandLine all() {
        var commands = new CommandLine(new Root())
                .addSubcommand(new DemoVerb())
                .addSubcommand(new DoctorVerb())
                .addSubcommand(new InitVerb())
                .addSubcommand(new AssessVerb())
                .addSubcommand(new PlanVerb())
                .addSubcommand(new RunVerb())
                .addSubcommand(new StatusVerb())
                .addSubcommand(new ListVerb())
                .addSubcommand(new ReportVerb())
                .addSubcommand(new LogsVerb())
                .addSubcommand(new PauseVerb())
                .addSubcommand(new ResumeVerb())
                .addSubcommand(new CancelVerb())
                .addSubcommand(new RetryVerb())
                .addSubcommand(new TuneVerb())
                .addSubcommand(new VerifyVerb())
                .addSubcommand(new RollbackVerb())
                .addSubcommand(new PurgeVerb())
                .addSubcommand(new LedgerVerb())
                .addSubcommand(new HelpCommand());
        each(
                commands,
                c -> c.setExpandAtFiles(false)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setUsageHelpWidth(80)
                        .setUsageHelpAutoWidth(false));
        return commands;
    }

    static void each(CommandLine command, Consumer<CommandLine> what) {
        what.accept(command);
        command.getSubcommands().values().forEach(sub -> each(sub, what));
    }

    @Command(
            name = "backhoe",
            versionProvider = Version.class,
            synopsisSubcommandLabel = "VERB",
            description = "Plans, runs, watches and undoes backfills of live PostgreSQL databases.",
            footer = {
                "",
                "Verbs on a run take its id, the backfill's name, or nothing when only one is meant.",
                "Exit codes: 0 done; 1 unexpected; 2 usage or invalid file; 3 refused; 4 not reachable or not permitted; "
                        + "5 partly done; 6 check failed; 7 drifted; 8 conflict; 9 stopped, resumable; 130 interrupted.",
                "",
                "New here? backhoe demo"
            })
    static final class Root implements Verb {
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "The version.")
        private boolean version;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Answer answer(Out out) {
            if (!out.json()) {
                out.terminal().err().println(spec.commandLine().getUsageMessage(CommandLine.Help.Ansi.OFF));
            }
            throw new ParameterException(spec.commandLine(), "Which verb?");
        }
    }

    /** The version as the build wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Version.class.getPackage().getImplementationVersion();
            return new String[] {"backhoe " + (version == null ? "(not packaged)" : version)};
        }
    }
}
