package io.backhoe.cli;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessment;
import io.backhoe.assess.Severity;
import io.backhoe.plan.PlanFile;
import io.backhoe.spec.ReadSpec;
import io.backhoe.spec.Spec;
import io.backhoe.spec.SpecFile;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "assess",
        description =
                "Looks at the live table before anything is planned: where values are missing, and what a backfill "
                        + "would meet. Reads only; works on a standby.")
final class AssessVerb implements Verb {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(s|m|min)?");

    /** What makes the exit code 3. */
    private enum FailOn {
        WARNING,
        BLOCKER
    }

    @picocli.CommandLine.Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "SPEC|PLAN",
            description = "The file of a spec or of a plan; - reads stdin. Without it the flags say what is meant.")
    private @Nullable String file;

    @Mixin
    private TableFlags table = new TableFlags();

    @Mixin
    private SpecFlags flags = new SpecFlags();

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            description =
                    "warning: exit 3 when there is a warning or a blocker. blocker: exit 3 when there is a blocker, or "
                            + "a question that might have found one has no answer. Default: exit 0 whatever was found.")
    private @Nullable FailOn failOn;

    private Duration timeout = AssessOptions.DEFAULT.timeout();

    @Option(names = "--sql", description = "Show the query behind each finding.")
    private boolean sql;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "For everything together, such as 90s or 5m; default: 60s. What is not answered by then is "
                    + "named.")
    void timeout(String text) {
        Matcher matcher = TIME.matcher(text);
        long seconds = matcher.matches()
                ? Long.parseLong(matcher.group(1))
                        * (matcher.group(2) == null || matcher.group(2).equals("s") ? 1 : 60)
                : 0;
        if (seconds < 1) {
            throw new ParameterException(
                    command.commandLine(), "--timeout is a time of at least 1s, such as 90s or 5m, not " + text);
        }
        timeout = Duration.ofSeconds(seconds);
    }

    @Override
    public Answer answer(Out out) throws Exception {
        return Looking.at(connection, () -> look(out));
    }

    private Answer look(Out out) {
        var read = read(out);
        Spec spec = read.spec();
        var target = connection.target(out, spec.target(), read.folder()).filesIn(read.folder());
        out.terminal()
                .err()
                .println("Assessing " + spec.scope().table() + " on " + target.description() + "; it takes up to "
                        + Figures.time(timeout) + " and reads only.");
        Assessment assessment = target.backhoe().assess(spec, AssessOptions.DEFAULT.within(timeout));
        out.lines(new AssessPage(assessment, spec, sql).lines());
        return new Answer(AssessDocument.of(assessment, spec), failure(assessment));
    }

    /** @param folder where the names of targets may stand */
    private record Read(Spec spec, Path folder) {}

    private Read read(Out out) {
        if (file == null) {
            return new Read(table.spec(flags), Path.of(""));
        }
        if (table.any()) {
            throw new ParameterException(
                    command.commandLine(), "Give a file, or --table and the flags that go with it, not both");
        }
        var source = SourceFile.read(file, out.terminal());
        if (!PlanFile.isPlan(source.text())) {
            ReadSpec read = SpecFile.read(source.text(), source.name(), flags.overrides(connection.url(out)));
            read.warnings().forEach(out::warn);
            return new Read(read.spec(), source.folder());
        }
        if (flags.any()) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "plan_is_final",
                    source.name()
                            + " is a plan: it is assessed as it was reviewed, without --set, --from-clause, --on or"
                            + " --where.",
                    "Leave them out, or give the spec instead.");
        }
        return new Read(PlanFile.read(source.text(), source.name()).spec(), source.folder());
    }

    private @Nullable Failure failure(Assessment assessment) {
        if (failOn == null) {
            return null;
        }
        boolean fails = !assessment.blockersAndDoubts().isEmpty()
                || (failOn == FailOn.WARNING && !assessment.of(Severity.WARNING).isEmpty());
        if (!fails) {
            return null;
        }
        return new Failure(
                ExitCode.REFUSED,
                "findings",
                AssessPage.verdict(assessment),
                "Mend what is named above, and assess again.",
                false);
    }
}
