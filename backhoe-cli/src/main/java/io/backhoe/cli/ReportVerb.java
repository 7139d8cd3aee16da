package io.backhoe.cli;

import io.backhoe.report.HtmlReport;
import io.backhoe.report.MarkdownReport;
import io.backhoe.report.RunAccount;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description =
                "Tells what happened in a run, from the ledger alone: as Markdown, as an HTML page with charts, or "
                        + "as JSON. Also while the run goes on, in whichever process.")
final class ReportVerb extends OnRun {
    /** What a report is written in. */
    enum Format {
        MD,
        HTML,
        JSON
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "md, html or json. Default: what the name of the file ends in, else md.")
    private @Nullable Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where it goes; - is stdout, the default. A report that is there is replaced.")
    private String output = "-";

    @Option(names = "--force", description = "Overwrite a file that is not a report.")
    private boolean force;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    Answer answer(Out out, Target target, long runId) {
        boolean toStdout = output.equals("-");
        if (out.json() && toStdout && format != null && format != Format.JSON) {
            String name = format.name().toLowerCase(Locale.ROOT);
            throw new ParameterException(
                    command.commandLine(), "--json and --format " + name + " both want stdout; add -o FILE");
        }
        if (toStdout) {
            var account = target.backhoe().account(runId);
            var answer = Answer.done(ReportDocument.of(account, target.flags(), null));
            if (!out.json()) {
                write(out.terminal().out(), account, target.flags(), answer, out);
            }
            return answer;
        }
        var file = new ReportFile(output);
        file.refuse(force);
        var account = target.backhoe().account(runId);
        var answer = Answer.done(ReportDocument.of(account, target.flags(), output));
        file.write(to -> {
            var text = new PrintStream(to, false, StandardCharsets.UTF_8);
            write(text, account, target.flags(), answer, out);
            if (text.checkError()) {
                throw new IOException("not written whole");
            }
        });
        out.line("Run " + account.report().run().id() + " is "
                + account.report().run().state() + "; the report is in " + output + ".");
        return answer;
    }

    private void write(PrintStream to, RunAccount account, String flags, Answer answer, Out out) {
        switch (format()) {
            case MD -> to.print(MarkdownReport.write(account, flags));
            case HTML -> to.print(HtmlReport.write(account, flags));
            case JSON -> Envelope.write(to, "report", answer, out.warnings());
        }
    }

    private Format format() {
        if (format != null) {
            return format;
        }
        String name = output.toLowerCase(Locale.ROOT);
        if (name.endsWith(".html") || name.endsWith(".htm")) {
            return Format.HTML;
        }
        return name.endsWith(".json") ? Format.JSON : Format.MD;
    }
}
