package io.backhoe.cli;

import io.backhoe.plan.PlanFile;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = "Resolves a spec against the live table, and writes what would run into a file for review. "
                + "Changes nothing in the database.")
final class PlanVerb implements Verb {
    @Parameters(paramLabel = "SPEC", description = "The file with what is wanted; - reads stdin.")
    private String file = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the plan goes; - is stdout. Default: NAME.plan.yaml beside the spec.")
    private @Nullable String output;

    @Option(names = "--force", description = "Overwrite a file that is not a plan.")
    private boolean force;

    @Option(names = "--sql", description = "Show every statement.")
    private boolean sql;

    @Mixin
    private SpecFlags flags = new SpecFlags();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions options = new OutputOptions();

    @Override
    public Answer answer(Out out) throws IOException {
        boolean toStdout = "-".equals(output);
        if (toStdout && out.json()) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", "--json and --output - both want stdout.", "Leave one of them out.");
        }
        var source = SourceFile.read(file, out.terminal());
        if (PlanFile.isPlan(source.text())) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "is_a_plan",
                    source.name() + " is a plan already.",
                    "backhoe run " + file + " --dry-run checks it against the table; plan takes the spec.");
        }
        var planned = Planned.of(source, flags, connection, out);
        String document = PlanFile.write(planned.plan());
        if (toStdout) {
            out.terminal().out().print(document);
            PlanPage.of(planned.plan(), sql).forEach(out.terminal().err()::println);
            return Answer.done(PlanDocument.of(planned.plan(), null));
        }
        Path path = path(source, planned.plan().spec().about().name());
        refuseOther(path);
        Files.writeString(path, document);
        out.lines(PlanPage.of(planned.plan(), sql));
        out.line("Written to " + path + ". Nothing was changed in the database. Next:");
        out.line("  backhoe run " + path + planned.target().flags());
        return Answer.done(PlanDocument.of(planned.plan(), path.toString()));
    }

    private Path path(SourceFile source, String name) {
        return output != null
                ? Path.of(output)
                : source.folder().resolve(name.replaceAll("[^\\p{L}\\p{N}._-]", "_") + ".plan.yaml");
    }

    private void refuseOther(Path path) throws IOException {
        boolean mayReplace =
                force || !Files.exists(path) || (Files.isRegularFile(path) && PlanFile.isPlan(Files.readString(path)));
        if (!mayReplace) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "file_exists",
                    path + " is there and is not a plan. It was left as it is.",
                    "Choose another file with --output, or overwrite it with --force.");
        }
    }
}
