package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.Database;
import io.backhoe.database.ServerFacts;
import io.backhoe.database.Session;
import io.backhoe.database.TableFacts;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.SqlName;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at a live table with a backfill in mind. Reads only, and works on a standby. Thread-safe. */
public final class Assessor {
    private static final List<Question> QUESTIONS = List.of(
            new ServerQuestion(),
            new KeyQuestion(),
            new RightsQuestion(),
            new RowSecurityQuestion(),
            new PublicationQuestion(),
            new ExpressionQuestion(),
            new VacuumQuestion(),
            new TriggerQuestion(),
            new ConstraintQuestion(),
            new ComputedQuestion(),
            new MovedQuestion(),
            new IndexQuestion(),
            new UndoQuestion(),
            new TransactionQuestion(),
            new ReplicaQuestion(),
            new SlotQuestion());

    /** These read the table itself, or want to know how many rows are meant. */
    private static final List<Question> OF_THE_ROWS = List.of(
            new AccessQuestion(),
            new ExpectedRowsQuestion(),
            new MatchQuestion(),
            new UnmatchedQuestion(),
            new NewestQuestion(),
            new UndatedQuestion(),
            new DiskQuestion());

    /** Of a query that yields whole rows; no column of rows that are there is changed. */
    private static final List<Question> OF_A_QUERY = List.of(
            new ServerQuestion(),
            new KeyQuestion(),
            new RowSecurityQuestion(),
            new PublicationQuestion(),
            new QueryQuestion(),
            new VacuumQuestion(),
            new UndoQuestion(),
            new TransactionQuestion(),
            new ReplicaQuestion(),
            new SlotQuestion());

    /** What is wrong with a query, or its table, so that there is nothing to count. */
    private static final Set<String> UNFIT = Set.of("column_not_settable", "permission_denied");

    /** Of these, what can be seen of the server is still worth seeing. */
    private static final Set<String> REFUSED_TABLES = Set.of("has_update_rules", "has_inheritance_children");

    private final Database database;
    private final Time time;

    public Assessor(Database database, Time time) {
        this.database = database;
        this.time = time;
    }

    /**
     * Asks every question, or those that the options leave.
     *
     * @throws BackhoeException when there is nothing to ask about: no such server, table or column
     */
    public Assessment assess(Spec spec, AssessOptions options) {
        Spec.Transform transform = spec.requiredTransform();
        try (var session = database.open("backhoe/assess", settings(spec, options))) {
            long start = time.nanos();
            ServerFacts server = reading(session, () -> database.server(session));
            var interview = new Interview(session, time, options.timeout(), start);
            var subject = new Subject(spec, transform, database, session, server, options);
            @Nullable TableFacts table = table(session, spec, interview);
            if (table != null) {
                refuseUnknownColumns(table, transform);
                subject = scoped(subject.with(table), interview);
            }
            subject = askAll(interview, subject);
            return new Assessment(
                    server,
                    table == null ? spec.scope().table() : table.name(),
                    dateColumn(subject),
                    subject.gaps(),
                    ways(interview, subject),
                    inOrder(interview.findings()),
                    Duration.ofNanos(time.nanos() - start));
        }
    }

    /**
     * What of the strategies fits what is there; none where that cannot be told in time.
     *
     * @param spec whose expressions are not looked at
     */
    public List<Way> ways(Spec spec, AssessOptions options) {
        try (var session = database.open("backhoe/assess", settings(spec, options))) {
            long start = time.nanos();
            var interview = new Interview(session, time, options.timeout(), start);
            var subject = new Subject(
                            spec,
                            spec.requiredTransform(),
                            database,
                            session,
                            reading(session, () -> database.server(session)),
                            options)
                    .with(reading(
                            session, () -> database.table(session, spec.scope().table())));
            subject = scoped(subject, interview);
            return subject.knows(Question.Needs.SCOPE) ? ways(interview, mapped(interview, subject)) : List.of();
        }
    }

    private static List<Way> ways(Interview interview, Subject subject) {
        GapMap gaps = subject.gaps();
        if (gaps == null
                || subject.transform().source() != null
                || subject.spec().corrects()) {
            return List.of();
        }
        List<Way> ways = interview.answer(
                "which strategy fits",
                subject,
                () -> new Ways(
                                gaps,
                                subject.ofTable().storage().value(),
                                imageBytes(subject),
                                time(gaps, subject),
                                subject.table().indexes().size())
                        .ranked(),
                null);
        return ways == null ? List.of() : ways;
    }

    private static RunTime time(GapMap gaps, Subject subject) {
        return new RunTime(
                subject.spec().strategy().parallelism(),
                subject.spec().pacing().effectivePolicy(),
                Math.max(1, gaps.periods().size()),
                imageBytes(subject));
    }

    private static int imageBytes(Subject subject) {
        var widths = subject.database().widths(subject.session(), subject.table());
        return widths.image(subject.table().key(), subject.columns());
    }

    private static @Nullable String dateColumn(Subject subject) {
        ColumnFacts date = subject.knows(Question.Needs.SCOPE) ? subject.scope().date() : null;
        return date == null ? null : date.name();
    }

    /** Blockers first; what is alike stays in the order in which it was asked. */
    private static List<Finding> inOrder(List<Finding> findings) {
        return Stream.of(Severity.BLOCKER, Severity.WARNING, Severity.INFO)
                .flatMap(severity -> findings.stream().filter(f -> f.severity() == severity))
                .toList();
    }

    private static Map<String, String> settings(Spec spec, AssessOptions options) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("TimeZone", spec.scope().timezone().getId());
        settings.put("lock_timeout", "2s");
        settings.put("statement_timeout", options.timeout().toMillis() + "ms");
        return settings;
    }

    /** Each transaction says of itself that it only reads: a setting of the session would not hold behind a pooler. */
    private static <T> T reading(Session session, Supplier<T> question) {
        session.begin(Session.Isolation.READ_ONLY);
        try {
            return question.get();
        } finally {
            session.rollback();
        }
    }

    private @Nullable TableFacts table(Session session, Spec spec, Interview interview) {
        try {
            return reading(session, () -> database.table(session, spec.scope().table()));
        } catch (BackhoeException e) {
            if (!REFUSED_TABLES.contains(e.code())) {
                throw e;
            }
            interview
                    .findings()
                    .add(Finding.blocker(e.code(), e.getMessage() + ".").remedy(e.hint()));
            return null;
        }
    }

    private static void refuseUnknownColumns(TableFacts table, Spec.Transform transform) {
        for (String column : transform.set().keySet()) {
            if (table.column(column).isEmpty()) {
                throw new BackhoeException(
                        ExitCode.USAGE,
                        "column_not_found",
                        "There is no column " + column + " in " + table.name() + ".",
                        "Its columns are "
                                + String.join(
                                        ", ",
                                        table.columns().stream()
                                                .map(c -> SqlName.quote(c.name()))
                                                .toList()));
            }
        }
    }

    private static Subject scoped(Subject subject, Interview interview) {
        try {
            return subject.with(Scopes.of(subject.spec(), subject.transform(), subject.table()));
        } catch (BackhoeException e) {
            interview
                    .findings()
                    .add(Finding.blocker(
                                    e.code(),
                                    e.getMessage() + " How many rows are meant, and where values are missing, is not"
                                            + " known therefore.")
                            .remedy(e.hint()));
            return subject;
        }
    }

    private static Subject askAll(Interview interview, Subject subject) {
        boolean all = !subject.options().blockersOnly();
        boolean ofAQuery = subject.transform().source() != null;
        (ofAQuery ? OF_A_QUERY : QUESTIONS)
                .stream()
                        .filter(q -> subject.knows(q.needs()) && (all || q.mayBlock()))
                        .forEach(q -> interview.ask(q, subject));
        Subject mapped = all && subject.knows(Question.Needs.SCOPE) ? mapped(interview, subject) : subject;
        (ofAQuery ? List.<Question>of() : OF_THE_ROWS)
                .stream()
                        .filter(q -> mapped.knows(q.needs()) && (all || q.mayBlock()))
                        .forEach(q -> interview.ask(q, mapped));
        return mapped;
    }

    private static Subject mapped(Interview interview, Subject subject) {
        SourceQuery source = subject.transform().source();
        if (source != null) {
            return subject.table().key().isEmpty() ? subject : mapped(interview, subject, source);
        }
        @Nullable
        GapMap gaps = interview.answer(
                GapQuestion.ABOUT,
                subject,
                () -> GapQuestion.map(subject, GapQuestion.countable(subject)),
                () -> GapQuestion.map(subject, false));
        if (gaps == null) {
            return subject;
        }
        interview.findings().addAll(GapQuestion.findings(subject, gaps));
        return subject.with(gaps);
    }

    private static Subject mapped(Interview interview, Subject subject, SourceQuery source) {
        boolean broken =
                interview.findings().stream().anyMatch(f -> f.code().startsWith("query_") || UNFIT.contains(f.code()));
        GapMap gaps = broken
                ? null
                : interview.answer("which rows are missing", subject, () -> QueryQuestion.map(subject), null);
        if (gaps == null) {
            return subject;
        }
        interview.findings().addAll(QueryQuestion.findings(gaps, source.expect() != null));
        return subject.with(gaps);
    }
}
