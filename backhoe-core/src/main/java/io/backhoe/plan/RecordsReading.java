package io.backhoe.plan;

import io.backhoe.assess.RecordColumns;
import io.backhoe.database.Database;
import io.backhoe.database.Records;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.Correction;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the file of a correction: to plan it, and again when it runs. Nothing is left behind in the database. Thread-safe. */
public final class RecordsReading {
    private final Database database;
    private final Path folder;

    /** @param folder that the names of files are seen from */
    public RecordsReading(Database database, Path folder) {
        this.database = database;
        this.folder = folder;
    }

    /**
     * The same spec, with what the file says of itself, and with what is set from it where the spec does not say that.
     *
     * @throws BackhoeException USAGE when the file cannot be read or is no such CSV, naming each problem by its line
     */
    public Spec resolved(Session session, Spec spec) {
        Correction.Records named = Objects.requireNonNull(spec.records());
        TableFacts table = database.table(session, spec.scope().table());
        if (table.name().name().equals(Records.ALIAS)) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "name_not_usable",
                    "Table " + table.name()
                            + " has the name that the records of correction.keys have in SQL. Nothing was"
                            + " changed.",
                    "ALTER TABLE ... RENAME, or choose the rows by scope.where");
        }
        var problems = new RecordProblems(named.file());
        var seen = new Seen();
        String sha256 = file(named, problems).read(seen);
        var written = seen.names;
        // Where it is compared with the table, all that is wrong with it is told together.
        if (!written.isEmpty()
                && !written.contains("")
                && !(problems.any() && database.server(session).readOnly())) {
            var header = new RecordsHeader(table, named.file(), written);
            List<String> key = header.key();
            var given = spec.transform();
            var transform = given == null || given.set().isEmpty() ? header.transform(key) : given;
            return spec.withRecords(
                    new Correction.Records(named.file(), sha256, seen.rows, key, header.used(spec, transform, key)),
                    transform);
        }
        problems.throwIfAny();
        throw new IllegalStateException("a file without a header, and no problem");
    }

    /**
     * Compares the records with the table.
     *
     * @param spec as {@link #resolved} has it
     * @throws BackhoeException USAGE {@code records_invalid} with each record that cannot be read, is there twice or has no
     *     row, by its line; REFUSED {@code rows_not_expected}
     */
    public ChosenRecords examined(Session session, Spec spec) {
        Planner.refuseServer(database.server(session));
        Correction.Records file = Objects.requireNonNull(spec.records());
        TableFacts table = database.table(session, spec.scope().table());
        Records records = Objects.requireNonNull(RecordColumns.of(spec, table));
        var problems = new RecordProblems(file.file());
        var load = new RecordsLoad(session, table, records);
        String sha256 = load(load, file, problems);
        if (!sha256.equals(file.sha256())) {
            throw new BackhoeException(
                    ExitCode.CONFLICT,
                    "records_changed",
                    file.file() + " was changed while it was read. Nothing was changed in the database.",
                    "Type the command again.");
        }
        var trial = new RecordsTrial(load, records, problems);
        trial.look(spec, table);
        if (!trial.tooMany()) {
            load.convert(trial.bad());
        }
        var found = new RecordsInTable(database, session, spec, table, records, problems);
        if (!trial.tooMany()) {
            found.duplicates();
            found.unknown();
        }
        problems.throwIfAny();
        found.scope();
        found.refuseUnexpected();
        return new ChosenRecords(file.key(), found.cuts(), Objects.requireNonNull(file.rows()), found.notes());
    }

    /**
     * Reads the records into {@value Records#SCRATCH}, for a run that is to be entered.
     *
     * @throws BackhoeException DRIFTED {@code records_changed} when the file is not the one that was planned
     */
    public void load(Session session, Plan plan) {
        Correction.Records planned = Objects.requireNonNull(plan.spec().records());
        TableFacts table = database.table(session, plan.spec().scope().table());
        var problems = new RecordProblems(planned.file());
        var load = new RecordsLoad(session, table, Objects.requireNonNull(RecordColumns.of(plan.spec(), table)));
        String sha256 = load(load, planned, problems);
        refuseOther(planned, sha256, load.rows());
        load.convert(List.of());
    }

    /** @throws BackhoeException DRIFTED {@code records_changed} when the file is not the one that was planned */
    public void refuseOther(Plan plan) {
        Correction.Records planned = Objects.requireNonNull(plan.spec().records());
        var seen = new Seen();
        String sha256 = file(planned, new RecordProblems(planned.file())).read(seen);
        refuseOther(planned, sha256, seen.rows);
    }

    private static void refuseOther(Correction.Records planned, String sha256, long rows) {
        if (sha256.equals(planned.sha256())) {
            return;
        }
        throw new BackhoeException(
                ExitCode.DRIFTED,
                "records_changed",
                String.format(
                        Locale.ROOT,
                        "%s is not the file that was planned: records %,d, sha256 %s; planned were %,d, sha256 %s."
                                + " Nothing was changed.",
                        planned.file(),
                        rows,
                        sha256,
                        planned.rows(),
                        planned.sha256()),
                "Bring the file back as it was, or plan again and review what it does now.");
    }

    private String load(RecordsLoad load, Correction.Records named, RecordProblems problems) {
        load.begin();
        String sha256 = file(named, problems).read(load);
        load.flush();
        return sha256;
    }

    private RecordsFile file(Correction.Records named, RecordProblems problems) {
        return new RecordsFile(folder.resolve(named.file()), named.file(), problems);
    }

    /** What can be told of a file without a table. */
    private static final class Seen implements RecordsFile.Sink {
        private final List<String> names = new ArrayList<>();
        private long rows;

        @Override
        public void header(List<String> header) {
            names.addAll(header);
        }

        @Override
        public void row(long line, List<@Nullable String> values) {
            rows++;
        }
    }
}
