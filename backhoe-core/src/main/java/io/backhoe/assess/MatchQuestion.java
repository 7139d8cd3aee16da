package io.backhoe.assess;

import io.backhoe.database.MatchCount;
import io.backhoe.database.ScopeSurvey;
import io.backhoe.database.Shown;
import io.backhoe.database.StorageFacts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether each row finds one match in what is joined: of several an arbitrary one would win. */
final class MatchQuestion implements Question {
    private static final int ROWS = 20_000;
    private static final int KEYS = 1_000;

    @Override
    public String about() {
        return "whether each row finds exactly one match";
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
        if (subject.scope().from() == null || subject.scope().on() == null) {
            return List.of();
        }
        ScopeSurvey scope = subject.ofScope();
        if (scope.matchesAtMostOne().value()) {
            return List.of();
        }
        Optional<JoinColumns> join = join(subject);
        if (join.isPresent()) {
            Shown<Long> keys = scope.duplicates(join.get().from(), join.get().columns(), KEYS);
            if (keys.value() > 0) {
                return List.of(several(join.get(), keys));
            }
        }
        Shown<MatchCount> matches = matches(subject);
        return List.of(matches.value().several() > 0 ? several(subject, matches) : nothingGuarantees(join, matches));
    }

    /** Of rows that would be written: with {@code preserve_existing: false} that is every row of the scope. */
    static Shown<MatchCount> matches(Subject subject) {
        boolean filled = !subject.spec().strategy().preserveExisting();
        return subject.ofScope().matches(ROWS, percent(subject, filled), filled);
    }

    /** All pages where the rows are few; else enough of them that rows from all over the table are looked at. */
    private static double percent(Subject subject, boolean filled) {
        GapMap gaps = subject.gaps();
        if (gaps != null && gaps.counted() && (filled ? gaps.total() : gaps.missing()) <= ROWS) {
            return ScopeSurvey.ALL;
        }
        StorageFacts storage = subject.ofTable().storage().value();
        return Math.min(
                Sample.percent(storage.heapBytes()), Sample.percent((double) storage.estimatedRows(), 3 * ROWS));
    }

    private static Optional<JoinColumns> join(Subject subject) {
        return JoinColumns.of(
                Objects.requireNonNull(subject.scope().from()),
                Objects.requireNonNull(subject.scope().on()));
    }

    private static Finding several(JoinColumns join, Shown<Long> keys) {
        String many = keys.value() >= KEYS
                ? Amount.count(KEYS) + " or more keys occur"
                : keys.value() == 1 ? "1 key occurs" : Amount.count(keys.value()) + " keys occur";
        return Finding.blocker(
                        "match_not_unique",
                        many + " more than once in " + join.table() + " (" + join.bare()
                                + "): for rows with such a key an arbitrary one of the matches would win.")
                .with("keys", keys.value())
                .shownBy(keys.sql())
                .remedy(oneMatch() + " Or remove what is there twice, and keep it so: " + createUnique(join));
    }

    private static Finding several(Subject subject, Shown<MatchCount> matches) {
        return Finding.blocker(
                        "match_not_unique",
                        Amount.count(matches.value().several()) + " of "
                                + Amount.of(matches.value().rows(), "row") + " of "
                                + subject.table().name()
                                + " that were looked at have more than one match in what is joined: an arbitrary one would"
                                + " win.")
                .with("rows", matches.value().rows())
                .with("several", matches.value().several())
                .shownBy(matches.sql())
                .remedy(oneMatch());
    }

    private static String oneMatch() {
        return "Join something that has one row for each: from: (SELECT DISTINCT ON (key) ... ORDER BY key, which one"
                + " wins) s.";
    }

    private static Finding nothingGuarantees(Optional<JoinColumns> join, Shown<MatchCount> matches) {
        return Finding.warning(
                        "match_not_guaranteed",
                        (join.isPresent()
                                        ? "No key occurs more than once in "
                                                + join.get().table() + " now"
                                        : "None of the "
                                                + Amount.of(matches.value().rows(), "row")
                                                + " that were looked at has more than one match in what is joined")
                                + ", but no unique index says that it stays so: of two matches an arbitrary one would win.")
                .with("rows", matches.value().rows())
                .shownBy(matches.sql())
                .remedy(join.map(MatchQuestion::createUnique).orElseGet(MatchQuestion::oneMatch));
    }

    private static String createUnique(JoinColumns join) {
        return "CREATE UNIQUE INDEX CONCURRENTLY ON " + join.table() + " (" + join.bare() + ");";
    }
}
