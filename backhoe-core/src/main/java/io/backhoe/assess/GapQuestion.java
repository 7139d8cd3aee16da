package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.PeriodCount;
import io.backhoe.database.RangeText;
import io.backhoe.database.ScopeSurvey;
import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import io.backhoe.spec.Spec;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many rows there are, and how many of them lack a value, period by period. */
final class GapQuestion {
    static final String ABOUT = "how many rows lack a value";

    /** In the planner's units, of which 1 is a page read in order: up to 2 GB, some seconds. */
    private static final double AFFORDABLE = 250_000;

    private GapQuestion() {}

    /** Whether it is worth trying to count every row. */
    static boolean countable(Subject subject) {
        return subject.ofScope().cost() <= AFFORDABLE;
    }

    /** @param counted whether to count every row, else those of a sample */
    static GapMap map(Subject subject, boolean counted) {
        StorageFacts storage = subject.ofTable().storage().value();
        double percent = counted ? ScopeSurvey.ALL : Sample.percent(storage.heapBytes());
        Spec.Scope scope = subject.spec().scope();
        ColumnFacts date = subject.scope().date();
        if (scope.start() == null || date == null) {
            Shown<List<PeriodCount>> all = subject.ofScope().periods(List.of(), percent);
            return new GapMap(Calendar.YEAR, percent, List.of(period(0, null, null, all.value(), percent)), all.sql())
                    .in(storage);
        }
        Calendar unit = Calendar.of(scope.from(), scope.to());
        List<LocalDateTime> starts = unit.starts(scope.from(), scope.to());
        Shown<List<PeriodCount>> counts = subject.ofScope()
                .periods(
                        starts.stream()
                                .map(s -> RangeText.text(s, date, scope.timezone()))
                                .toList(),
                        percent);
        var periods = new ArrayList<GapMap.Period>();
        for (int i = 0; i < starts.size(); i++) {
            LocalDateTime end = i + 1 < starts.size() ? starts.get(i + 1) : scope.to();
            periods.add(period(i, starts.get(i), end, counts.value(), percent));
        }
        return new GapMap(unit, percent, periods, counts.sql()).in(storage);
    }

    private static GapMap.Period period(
            int place,
            @Nullable LocalDateTime start,
            @Nullable LocalDateTime end,
            List<PeriodCount> counts,
            double percent) {
        double factor = ScopeSurvey.ALL / percent;
        return counts.stream()
                .filter(c -> c.place() == place)
                .map(c ->
                        new GapMap.Period(start, end, Math.round(c.total() * factor), Math.round(c.missing() * factor)))
                .findFirst()
                .orElse(new GapMap.Period(start, end, 0, 0));
    }

    static List<Finding> findings(Subject subject, GapMap gaps) {
        var findings = new ArrayList<Finding>();
        String about = gaps.counted() ? "" : "about ";
        if (gaps.total() == 0) {
            findings.add(Finding.warning(
                            "scope_empty",
                            gaps.counted()
                                    ? "No row lies in the scope."
                                    : "None of the rows that were sampled lies in the scope.")
                    .remedy("Look at scope.date_range, scope.date_column and scope.where."));
        } else if (gaps.missing() == 0 && subject.spec().strategy().preserveExisting()) {
            findings.add(nothingMissing(subject, gaps));
        }
        if (!subject.spec().strategy().preserveExisting() && gaps.filled() > 0) {
            findings.add(Finding.warning(
                            "existing_values_overwritten",
                            "strategy.preserve_existing is false: " + about + Amount.of(gaps.filled(), "row")
                                    + " that have a value already get another, whoever wrote it.")
                    .with("rows", gaps.filled())
                    .remedy("Leave preserve_existing at true unless the values that are there are wrong."));
        }
        return findings.stream().map(f -> f.shownBy(gaps.sql())).toList();
    }

    private static Finding nothingMissing(Subject subject, GapMap gaps) {
        List<String> never = subject.columns().stream()
                .filter(c -> !subject.transform().missingWhen().containsKey(c))
                .filter(c -> subject.table().column(c).orElseThrow().notNull())
                .toList();
        return never.isEmpty()
                ? Finding.info(
                                "nothing_missing",
                                (gaps.counted() ? "None of " : "In a sample, none of about ")
                                        + Amount.of(gaps.total(), "row") + " lacks a value: there is nothing to do.")
                        .with("rows", gaps.total())
                : Finding.warning(
                                "never_missing",
                                "Column " + Amount.list(never)
                                        + " is NOT NULL, so no value of it IS NULL: the backfill would find nothing to"
                                        + " do.")
                        .with("columns", never)
                        .remedy("Say which values count as missing: transform.missing_when (or --missing-when), such as"
                                + " \"" + never.get(0) + " = ''\".");
    }
}
