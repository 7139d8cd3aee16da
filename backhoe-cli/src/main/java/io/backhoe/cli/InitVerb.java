package io.backhoe.cli;

import io.backhoe.plan.Recommendation;
import io.backhoe.plan.Wanted;
import io.backhoe.spec.Moment;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.TableName;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "init",
        description =
                "Writes a commented spec for a table, with the way to cut the work that fits it best. Asks for what "
                        + "is missing. Changes nothing in the database.")
final class InitVerb implements Verb {
    @Mixin
    private ScopeFlags scope = new ScopeFlags();

    @Mixin
    private JoinFlags join = new JoinFlags();

    @Option(names = "--name", paramLabel = "NAME", description = "Of the backfill. Default: TABLE_COLUMN.")
    private @Nullable String name;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the spec goes; - is stdout. Default: NAME.yaml here.")
    private @Nullable String output;

    @Option(names = "--force", description = "Overwrite a file that is there.")
    private boolean force;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions options = new OutputOptions();

    @Override
    public Answer answer(Out out) throws Exception {
        return Looking.at(connection, () -> look(out));
    }

    private Answer look(Out out) {
        boolean toStdout = OutputFile.isStdout(output, out);
        var target = connection.target(out);
        var wanted = wanted(out);
        var made = target.backhoe().recommend(wanted);
        if (toStdout) {
            out.terminal().out().print(made.text());
            return Answer.done(document(made, null));
        }
        var file = OutputFile.of(output == null ? OutputFile.named(made.name(), ".yaml") : output);
        if (file.exists() && !force) {
            throw file.isThere("already");
        }
        file.write(made.text());
        made.text().lines().forEach(line -> out.line("    " + line));
        out.line("");
        out.line("Written to " + file.name() + ". Nothing was changed in the database. Next:");
        if (!made.complete()) {
            out.line("  write into it what " + wanted.column() + " is to become, then");
        }
        out.line("  backhoe assess " + file.name() + target.flags());
        return Answer.done(document(made, file.name()));
    }

    private Wanted wanted(Out out) {
        String table = scope.table();
        String column = scope.column();
        String from = scope.from();
        String to = scope.to();
        String askedTable = table == null ? ask(out, "--table", "Which table (table or schema.table)?") : table;
        String askedColumn = column == null ? ask(out, "--column", "Which column of it is to be filled?") : column;
        String asked = scope.expression();
        if (asked == null && out.canAsk()) {
            asked = out.ask("With which SQL expression (empty: write it into the file later)?");
        }
        LocalDateTime first = moment(from, "--from");
        LocalDateTime end = moment(to, "--to");
        if (from == null && out.canAsk()) {
            first = moment(out.ask("From which day on (empty: the earliest)?"), "the first day");
        }
        if (to == null && out.canAsk()) {
            end = moment(
                    out.ask("Up to which day, which no longer belongs to it (empty: after the latest)?"), "the end");
        }
        try {
            return new Wanted(
                    name,
                    TableName.parse(askedTable),
                    askedColumn,
                    scope.dateColumn(),
                    first,
                    end,
                    ZoneId.of(scope.timezone()),
                    asked == null || asked.isBlank() ? null : asked,
                    join.from(),
                    join.on(),
                    join.where());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", String.valueOf(e.getMessage()), "backhoe init --help", e);
        }
    }

    private static String ask(Out out, String flag, String question) {
        String answer = out.canAsk() ? out.ask(question) : "";
        if (answer.isBlank()) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", flag + " is missing, and nobody can be asked.", "backhoe init --help");
        }
        return answer;
    }

    private static @Nullable LocalDateTime moment(@Nullable String text, String what) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Moment.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", what + ": " + e.getMessage(), "for example --from 2023-01-01", e);
        }
    }

    private static Map<String, Object> leftOut(Recommendation.LeftOut left) {
        var data = new LinkedHashMap<String, Object>();
        data.put("date", left.date());
        data.put("rows", left.rows());
        return data;
    }

    private static Map<String, @Nullable Object> document(Recommendation made, @Nullable String path) {
        var alternatives = new ArrayList<Map<String, @Nullable Object>>();
        for (var a : made.alternatives()) {
            var data = new LinkedHashMap<String, @Nullable Object>();
            data.put("chunk_by", a.chunkBy().word());
            data.put("recommended", alternatives.isEmpty());
            data.put("chunks", a.chunks());
            data.put("largest_rows", a.largestRows());
            data.put("rows_read", a.rowsRead());
            data.put("why", a.why());
            alternatives.add(data);
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", made.name());
        data.put("path", path);
        data.put("complete", made.complete());
        data.put("alternatives", List.copyOf(alternatives));
        data.put("left_out", made.leftOut().stream().map(InitVerb::leftOut).toList());
        data.put("ways", AssessDocument.ways(made.ways()));
        data.put("spec", made.text());
        return data;
    }
}
