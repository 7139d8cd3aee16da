package io.backhoe.assess;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.DatabaseException;
import io.backhoe.database.FunctionFacts;
import io.backhoe.database.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether the SQL of the transform works on this table, and means the same each time. */
final class ExpressionQuestion implements Question {
    /** A name before a parenthesis, not behind a dot: functions in schemas of their own are looked up by name too. */
    private static final Pattern CALL = Pattern.compile("([A-Za-z_][A-Za-z0-9_$]*)\\s*\\(");

    /** What the server says of any UPDATE then; {@link PublicationQuestion} reports it. */
    private static final String NO_REPLICA_IDENTITY = "55000";

    @Override
    public String about() {
        return "whether the SQL of the transform works";
    }

    @Override
    public Needs needs() {
        return Needs.SCOPE;
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        if (subject.table().key().isEmpty()) {
            // There are no statements without a key; that there is none is a blocker already.
            return List.of();
        }
        // Each piece is planned in a READ ONLY transaction of its own.
        subject.session().rollback();
        BatchShape shape = shape(subject);
        boolean twoStatements =
                subject.database().sql(subject.server(), subject.table(), shape).repeatableRead();
        try {
            subject.database().verify(subject.session(), subject.table(), shape);
        } catch (DatabaseException e) {
            if (e.sqlState().equals(NO_REPLICA_IDENTITY)) {
                return List.of();
            }
            throw e;
        }
        return calls(subject).isEmpty() ? List.of() : volatility(subject, twoStatements);
    }

    /** What chunks are made of changes none of the SQL that is looked at here. */
    static BatchShape shape(Subject subject) {
        var scope = subject.scope();
        List<ColumnFacts> key = subject.table().columns(subject.table().key());
        boolean dated = scope.range() != null;
        var records = RecordColumns.of(subject.spec(), subject.table());
        return new BatchShape(
                scope.table(),
                dated && records == null ? BatchShape.Chunks.DATES : BatchShape.Chunks.KEYS,
                dated ? scope.date() : null,
                records == null ? key : records.key(),
                key,
                subject.transform().set(),
                scope.from(),
                scope.on(),
                scope.where(),
                subject.spec().strategy().preserveExisting(),
                subject.transform().missingWhen(),
                subject.spec().rollback().keepImages(),
                subject.spec().corrects(),
                records,
                null,
                false);
    }

    private static Set<String> calls(Subject subject) {
        var transform = subject.transform();
        var names = new TreeSet<String>();
        Stream.of(
                        transform.set().values().stream(),
                        transform.missingWhen().values().stream(),
                        Stream.ofNullable(transform.on()),
                        Stream.ofNullable(subject.scope().where()))
                .flatMap(s -> s)
                .flatMap(sql -> CALL.matcher(sql).results())
                .forEach(call -> names.add(call.group(1).toLowerCase(Locale.ROOT)));
        return names;
    }

    /** By name, because nothing may be created here that the server could be asked about. */
    private static List<Finding> volatility(Subject subject, boolean twoStatements) {
        Shown<List<FunctionFacts>> functions = subject.ofServer().functions(calls(subject));
        var findings = new ArrayList<Finding>();
        List<String> sure = names(functions.value(), true);
        List<String> perhaps = names(functions.value(), false);
        if (!sure.isEmpty()) {
            String what = "The SQL of the transform calls " + Amount.list(sure)
                    + ", which gives another value each time it is called";
            findings.add((twoStatements
                            ? Finding.blocker(
                                    "expression_volatile",
                                    what + "; on this server the value kept for undo would not be the value written.")
                            : Finding.info(
                                    "expression_volatile", what + ": a row that is done again gets another value."))
                    .with("functions", sure)
                    .shownBy(functions.sql())
                    .remedy(
                            twoStatements
                                    ? "Use PostgreSQL 18 or newer, set one column with preserve_existing, or an"
                                            + " expression that is stable."
                                    : null));
        }
        if (twoStatements && !perhaps.isEmpty()) {
            findings.add(Finding.couldNotTell(
                            "whether the SQL of the transform gives the same value each time",
                            "there is more than one function of the name " + Amount.list(perhaps)
                                    + ", and some of them give another value each time they are called.")
                    .with("functions", perhaps)
                    .shownBy(functions.sql())
                    .remedy("Look which of them is meant; the plan asks the server itself, on the primary."));
        }
        return findings;
    }

    private static List<String> names(List<FunctionFacts> functions, boolean sure) {
        return functions.stream()
                .filter(f -> sure ? f.all() : f.some() && !f.all())
                .map(f -> f.name() + "()")
                .toList();
    }
}
