package io.backhoe.cli;

import io.backhoe.check.Effort;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.value.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description =
                "Asks the post-checks of a run that has ended or is paused, or one of them, again, and keeps the answers in the "
                        + "ledger; or proves that the events of runs are as they were written. Changes none of the data. Exit 6 "
                        + "when something does not hold.")
final class VerifyVerb implements Verb {
    /** How much is looked at. */
    static final class Much {
        @Option(names = "--full", description = "Look at everything, not at a sample.")
        private boolean full;

        @Option(
                names = "--sample",
                paramLabel = "PERCENT",
                description = "Look at so much of it, 0 to 100. Default: what the plan or the check says.")
        private @Nullable Double sample;
    }

    @ArgGroup
    private @Nullable Much much;

    @Option(names = "--check", paramLabel = "NAME", description = "Only this one; it need not be in the plan.")
    private @Nullable String check;

    @Option(
            names = "--audit",
            description =
                    "Prove instead that the events of the run, or of all when none is named, are as they were written: "
                            + "nothing edited, removed, reordered or added.")
    private boolean audit;

    @Mixin
    private RunArgument run = new RunArgument();

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Answer answer(Out out) throws Exception {
        if (audit && (much != null || check != null)) {
            throw new ParameterException(
                    command.commandLine(), "--audit reads the events alone; --check, --full and --sample ask checks");
        }
        var effort = effort();
        return Looking.at(connection, () -> look(out, effort));
    }

    private Answer look(Out out, Effort effort) {
        var target = connection.target(out);
        return audit
                ? AuditPage.of(target, run.named()).answer(out)
                : checked(out, target, run.find(target.backhoe()), effort);
    }

    private Answer checked(Out out, Target target, long runId, Effort effort) {
        var answers = target.backhoe().verify(runId, check, effort, reason.cause());
        out.lines(CheckLines.all(answers));
        var bad = answers.stream().filter(a -> !a.holds()).toList();
        out.line("");
        out.line("Run " + runId + ": " + (answers.size() - bad.size()) + " of " + answers.size()
                + (answers.size() == 1 ? " check holds." : " checks hold."));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("run_id", Long.toString(runId));
        data.put("holds", bad.isEmpty());
        data.put("checks", CheckDocument.of(answers));
        return new Answer(data, bad.isEmpty() ? null : failure(runId, bad, target.flags()));
    }

    private Effort effort() {
        if (much == null) {
            return Effort.USUAL;
        }
        Double sample = much.sample;
        if (sample == null) {
            return much.full ? Effort.FULL : Effort.USUAL;
        }
        if (!(sample > 0 && sample <= 100)) {
            throw new ParameterException(
                    command.commandLine(), "--sample is a percentage above 0 and up to 100, not " + sample);
        }
        return new Effort(sample / 100);
    }

    private static Failure failure(long runId, List<CheckRecord> bad, String flags) {
        String names = bad.stream()
                .map(b -> b.name() + " " + b.verdict().word().replace('_', ' '))
                .collect(Collectors.joining(", "));
        return new Failure(
                ExitCode.CHECK_FAILED,
                "check_failed",
                "Of run " + runId + " " + names + ". Nothing was changed.",
                "look at what it names; backhoe rollback " + runId + flags + " takes the run back",
                false);
    }
}
