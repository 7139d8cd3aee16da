package io.backhoe.assess;

import io.backhoe.database.BatchShape;
import io.backhoe.database.ColumnFacts;
import io.backhoe.database.RangeText;
import io.backhoe.database.Session;
import io.backhoe.database.SourceShape;
import io.backhoe.spec.ChunkBy;
import io.backhoe.spec.SourceQuery;
import io.backhoe.spec.Spec;
import io.backhoe.value.ChunkRange;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether a query that yields whole rows works, fits the table, and what follows from inserting its rows. */
final class QueryQuestion implements Question {
    @Override
    public String about() {
        return "whether transform.query works and fits the table";
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
            // That there is none is a blocker already.
            return List.of();
        }
        BatchShape shape = shape(subject);
        var findings = new ArrayList<Finding>();
        var grants = subject.database().missingRights(subject.session(), subject.table(), shape);
        if (!grants.isEmpty()) {
            findings.add(RightsQuestion.missing(subject, grants));
        }
        subject.database().verify(subject.session(), subject.table(), shape);
        findings.addAll(uniqueness(subject, Objects.requireNonNull(shape.source())));
        var follows =
                subject.database().setsOff(subject.session(), subject.table().name());
        if (!follows.cascades().isEmpty()) {
            findings.add(Finding.warning(
                            "undo_would_cascade",
                            "Other tables refer to this one by foreign keys that cascade: a run can be rolled back only"
                                    + " while they do not.")
                    .with("foreign_keys", follows.cascades())
                    .remedy("Make them ON DELETE NO ACTION before a rollback."));
        }
        if (!follows.triggers().isEmpty()) {
            findings.add(Finding.warning(
                            "row_triggers",
                            "Triggers fire when rows are inserted, or deleted by an undo. What they do elsewhere is not"
                                    + " undone.")
                    .with("triggers", follows.triggers())
                    .remedy("See what they do before you run it."));
        }
        return findings;
    }

    private static List<Finding> uniqueness(Subject subject, SourceShape source) {
        List<String> match = source.match().stream().map(ColumnFacts::name).toList();
        return subject.table().uniqueOver(match).isPresent()
                ? List.of()
                : List.of(Finding.warning(
                                "no_unique_index",
                                "No unique index is over the columns that tell rows apart: each batch locks the table"
                                        + " against writes of others, for as long as it takes.")
                        .with("columns", match)
                        .remedy("CREATE UNIQUE INDEX CONCURRENTLY ON " + subject.tableSql() + " over these columns."));
    }

    /** Each piece is looked at in a READ ONLY transaction of its own. */
    private static BatchShape shape(Subject subject) {
        subject.session().rollback();
        var table = subject.table();
        ColumnFacts dates = Objects.requireNonNull(subject.scope().date());
        var transform = QueryColumns.resolve(
                subject.database(),
                subject.session(),
                Objects.requireNonNull(subject.transform().source()),
                table,
                dates);
        SourceQuery source = Objects.requireNonNull(transform.source());
        return new BatchShape(
                table.name(),
                BatchShape.Chunks.DATES,
                dates,
                table.columns(QueryColumns.keyset(source, dates)),
                table.columns(table.key()),
                transform.set(),
                null,
                null,
                null,
                true,
                Map.of(),
                subject.spec().rollback().keepImages(),
                false,
                null,
                QueryColumns.shape(transform, table),
                false);
    }

    /** What there is to be, and what of it is missing, period by period. */
    static GapMap map(Subject subject) {
        var sql = subject.database().gapSql(subject.table(), shape(subject));
        Spec.Scope scope = subject.spec().scope();
        Calendar unit = Calendar.of(scope.from(), scope.to());
        List<LocalDateTime> starts = unit.starts(scope.from(), scope.to());
        var gaps = new SourceGaps(subject.session(), sql);
        ChunkBy expect = Objects.requireNonNull(subject.transform().source()).expect();
        // The interview's own transaction has ended with the looks at the query.
        subject.session().begin(Session.Isolation.READ_ONLY);
        List<SourceGaps.Count> counts = expect == null
                ? gaps.counts(ranges(subject, starts))
                : ofRule(subject, gaps, starts, starts(expect, scope.from(), scope.to()));
        var periods = new ArrayList<GapMap.Period>();
        for (int i = 0; i < starts.size(); i++) {
            periods.add(new GapMap.Period(
                    starts.get(i),
                    i + 1 < starts.size() ? starts.get(i + 1) : scope.to(),
                    counts.get(i).expected(),
                    counts.get(i).missing()));
        }
        return new GapMap(unit, 100, periods, expect == null ? sql.map() : sql.empty());
    }

    /** Each period of the rule counts as one row that there is to be. */
    private static List<SourceGaps.Count> ofRule(
            Subject subject, SourceGaps gaps, List<LocalDateTime> starts, List<LocalDateTime> each) {
        var ranges = ranges(subject, each);
        var empty = gaps.empty(ranges);
        var counts = new ArrayList<SourceGaps.Count>(
                starts.stream().map(s -> SourceGaps.Count.NONE).toList());
        int at = 0;
        for (int i = 0; i < each.size(); i++) {
            while (at + 1 < starts.size() && !each.get(i).isBefore(starts.get(at + 1))) {
                at++;
            }
            boolean skipped = ranges.get(i).start().equals(ranges.get(i).end());
            counts.set(
                    at,
                    counts.get(at)
                            .and(new SourceGaps.Count(skipped ? 0 : 1, !skipped && empty.contains(i) ? 1 : 0, 0, 0)));
        }
        return counts;
    }

    private static List<LocalDateTime> starts(ChunkBy unit, LocalDateTime from, LocalDateTime to) {
        if (unit != ChunkBy.HOUR) {
            return Calendar.valueOf(unit.name()).starts(from, to);
        }
        var starts = new ArrayList<LocalDateTime>();
        for (LocalDateTime at = from;
                at.isBefore(to);
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1)) {
            starts.add(at);
        }
        return starts;
    }

    private static List<ChunkRange> ranges(Subject subject, List<LocalDateTime> starts) {
        Spec.Scope scope = subject.spec().scope();
        ColumnFacts dates = Objects.requireNonNull(subject.scope().date());
        var ranges = new ArrayList<ChunkRange>();
        for (int i = 0; i < starts.size(); i++) {
            LocalDateTime end = i + 1 < starts.size() ? starts.get(i + 1) : scope.to();
            ranges.add(RangeText.of(starts.get(i), end, dates, scope.timezone()));
        }
        return ranges;
    }

    static List<Finding> findings(GapMap gaps, boolean rule) {
        if (gaps.total() == 0) {
            return List.of(Finding.warning("scope_empty", "transform.query yields no row for the scope.")
                    .shownBy(gaps.sql())
                    .remedy("Look at the query, at scope.date_range and at scope.date_column."));
        }
        return gaps.missing() > 0
                ? List.of()
                : List.of(Finding.info(
                                "nothing_missing",
                                (rule
                                                ? "Each of " + Amount.of(gaps.total(), "period") + " has rows"
                                                : "Each of " + Amount.of(gaps.total(), "row")
                                                        + " that the query yields is there")
                                        + ": there is nothing to do.")
                        .shownBy(gaps.sql()));
    }
}
