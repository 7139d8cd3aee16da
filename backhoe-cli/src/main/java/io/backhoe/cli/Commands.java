package io.backhoe.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
    /** In the order in which they are listed. */
    private static final Map<String, Supplier<Verb>> VERBS = verbs();

    private Commands() {}

    private static Map<String, Supplier<Verb>> verbs() {
        var verbs = new LinkedHashMap<String, Supplier<Verb>>();
        verbs.put("demo", DemoVerb::new);
        verbs.put("doctor", DoctorVerb::new);
        verbs.put("init", InitVerb::new);
        verbs.put("assess", AssessVerb::new);
        verbs.put("plan", PlanVerb::new);
        verbs.put("run", RunVerb::new);
        verbs.put("status", StatusVerb::new);
        verbs.put("list", ListVerb::new);
        verbs.put("report", ReportVerb::new);
        verbs.put("logs", LogsVerb::new);
        verbs.put("pause", PauseVerb::new);
        verbs.put("resume", ResumeVerb::new);
        verbs.put("cancel", CancelVerb::new);
        verbs.put("retry", RetryVerb::new);
        verbs.put("tune", TuneVerb::new);
        verbs.put("verify", VerifyVerb::new);
        verbs.put("rollback", RollbackVerb::new);
        verbs.put("purge", PurgeVerb::new);
        verbs.put("notify", NotifyVerb::new);
        verbs.put("ledger", LedgerVerb::new);
        return Collections.unmodifiableMap(verbs);
    }

    static CommandLine all() {
        return of(VERBS.keySet());
    }

    /** Those that these arguments need: to read about the options of a verb takes time, and most commands have one verb. */
    static CommandLine needed(String... arguments) {
        boolean one = arguments.length > 0 && VERBS.containsKey(arguments[0]);
        return one ? of(Set.of(arguments[0])) : all();
    }

    private static CommandLine of(Set<String> names) {
        var commands = new CommandLine(new Root());
        VERBS.forEach((name, verb) -> {
            if (names.contains(name)) {
                commands.addSubcommand(verb.get());
            }
        });
        if (names.size() == VERBS.size()) {
            commands.addSubcommand(new HelpCommand());
        }
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
            return new String[] {text()};
        }

        static String text() {
            String version = Version.class.getPackage().getImplementationVersion();
            return "backhoe " + (version == null ? "(not packaged)" : version);
        }
    }
}
