package io.backhoe.cli;

import io.backhoe.database.Session.Isolation;
import io.backhoe.ledger.LedgerState;
import io.backhoe.plan.PlanFile;
import io.backhoe.postgres.Examination;
import io.backhoe.postgres.Intention;
import io.backhoe.postgres.Observation;
import io.backhoe.spec.Spec;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.SqlName;
import io.backhoe.value.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        description = "Says what it connects to and as whom, what it may do and can see there, and what would hinder a "
                + "run, each with its cure. Changes nothing. Exit 0 when a run could be done, 4 when rights are missing "
                + "or there is no connection, 3 when a run would be refused.")
final class DoctorVerb implements Verb {
    private static final Map<String, String> SETTINGS = Map.of("lock_timeout", "2s", "statement_timeout", "30s");

    @Parameters(
            arity = "0..1",
            paramLabel = "SPEC",
            description = "A spec or a plan: its target, its table and the columns that it sets are looked at.")
    private @Nullable String file;

    @Option(names = "--table", paramLabel = "TABLE", description = "Look at the rights on this table, too.")
    private @Nullable String table;

    @picocli.CommandLine.Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /** What is going to be looked at. */
    private record Patient(Target target, Intention intention) {}

    @Override
    public Answer answer(Out out) throws Exception {
        return Looking.at(connection, () -> look(out));
    }

    private Answer look(Out out) {
        Patient patient = patient(out);
        List<Observation> all = new ArrayList<>();
        LedgerState ledger;
        try (var session = patient.target.database().open("backhoe/doctor", SETTINGS)) {
            session.begin(Isolation.READ_ONLY);
            all.addAll(Examination.of(patient.target.database(), session, patient.intention));
            ledger = LedgerState.read(session);
            all.addAll(LedgerFacts.of(ledger));
            session.rollback();
        }
        var page = new DoctorPage(out, patient.target.description(), all);
        out.lines(page.lines());
        return new Answer(DoctorDocument.of(patient.target.description(), all, ledger), DoctorDocument.failure(all));
    }

    private Patient patient(Out out) {
        if (file == null) {
            var named = table == null ? null : tableName(table);
            return new Patient(connection.target(out), Intention.toSet(named, Set.of()));
        }
        if (table != null) {
            throw new ParameterException(command.commandLine(), "the file says which table; leave out --table");
        }
        var source = SourceFile.read(file, out.terminal());
        Spec spec = SpecFile.isPlan(source.text())
                ? PlanFile.read(source.text(), source.name()).spec()
                : SpecFile.read(source.text(), source.name(), SpecOverrides.NONE)
                        .spec();
        return new Patient(connection.target(out, spec.target(), source.folder()), intention(spec));
    }

    private static Intention intention(Spec spec) {
        var table = spec.scope().table();
        var transform = spec.transform();
        if (transform == null) {
            return Intention.toSet(table, Set.of());
        }
        var source = transform.source();
        if (source == null) {
            return new Intention(table, Set.copyOf(transform.columns()), reads(spec, transform), Intention.Rows.SET);
        }
        return new Intention(
                table,
                Set.of(),
                "SELECT FROM (" + source.sql() + "\n) AS backhoe_source",
                source.into() == null ? Intention.Rows.INSERTED : Intention.Rows.INSERTED_AND_UPDATED);
    }

    /** All that its SQL speaks of; null where a file of records or a function has part in it. */
    private static @Nullable String reads(Spec spec, Spec.Transform transform) {
        if (transform.function() != null || spec.corrects() && spec.scope().where() == null) {
            return null;
        }
        String from = transform.from() == null ? "" : ", " + transform.from() + "\n";
        String conditions = Stream.concat(
                        Stream.of(transform.on(), spec.scope().where()).filter(Objects::nonNull),
                        transform.missingWhen().values().stream())
                .map(condition -> " AND (" + condition + "\n)")
                .collect(Collectors.joining());
        String values = transform.set().values().stream()
                .map(expression -> "(" + expression + "\n)")
                .collect(Collectors.joining(", "));
        return "SELECT " + values + " FROM " + SqlName.quote(spec.scope().table()) + from + " WHERE true" + conditions;
    }

    private TableName tableName(String text) {
        try {
            return TableName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--table: " + e.getMessage(), e);
        }
    }
}
