package io.backhoe.check;

import io.backhoe.assess.SourceGaps;
import io.backhoe.database.Session;
import io.backhoe.ledger.RunTotals;
import io.backhoe.ledger.TroubleTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether the table has each row that the query yields now, in the chunks of the run; and if not, which it lacks and why. */
final class NoGaps implements Question {
    @Override
    public CheckResult ask(Ground ground) {
        var gaps = GapCounts.of(ground);
        var sum = gaps.sum();
        var problems = new ArrayList<String>();
        if (sum.missing() > 0) {
            problems.add("the table lacks " + otherwise(ground) + Said.count(sum.missing(), "row") + " of "
                    + Said.count(sum.expected(), "row") + " that the query yields: " + Said.list(gaps.lacking())
                    + why(ground));
        }
        if (sum.surplus() > 0) {
            problems.add(Said.count(sum.surplus(), "row") + " that the query does not yield "
                    + (sum.surplus() == 1 ? "is" : "are") + " there");
        }
        if (sum.keyless() > 0) {
            problems.add(Said.count(sum.keyless(), "row")
                    + " of the query cannot be told from others, because a column of the key is NULL, and"
                    + (sum.keyless() == 1 ? " is" : " are") + " never inserted");
        }
        var empty = empty(ground, gaps);
        if (!empty.isEmpty()) {
            problems.add("no row at all is there in " + Said.list(empty) + ": the query yields none");
        }
        long inserted = RunTotals.read(ground.session(), ground.required().id()).changed();
        var result = problems.isEmpty()
                ? CheckResult.holds("none of " + Said.count(sum.expected(), "row")
                        + " that the query yields is missing"
                        + (otherwise(ground).isEmpty() ? "; this run inserted " : " or otherwise; this run changed ")
                        + Said.count(inserted, "row"))
                : CheckResult.fails(String.join("; ", problems));
        return result.shownBy(shown(ground, gaps));
    }

    private static String otherwise(Ground ground) {
        var source = ground.plan().spec().requiredTransform().source();
        return source == null || source.into() == null ? "" : "or holds otherwise ";
    }

    private static String shown(Ground ground, GapCounts gaps) {
        int first = IntStream.range(0, gaps.counts().size())
                .filter(i -> gaps.counts().get(i).missing() > 0)
                .findFirst()
                .orElse(0);
        return ground.shown(gaps.sql().counts(), gaps.pieces().get(first)) + ";";
    }

    /** What the ledger knows of rows that were to be inserted. */
    private static String why(Ground ground) {
        long run = ground.required().id();
        var refused = TroubleTable.quarantine(ground.session(), run);
        String set = refused.stream()
                .map(t -> Said.count(t.count(), "row") + " with SQLSTATE " + t.sqlState())
                .collect(Collectors.joining(", "));
        return set.isEmpty()
                ? "; they came since, or a trigger keeps them out, or chunks are not done"
                : "; the server refused " + set + ", which were set aside";
    }

    /** The chunks in which some row is expected, whatever the query yields. */
    private static List<String> empty(Ground ground, GapCounts gaps) {
        var source =
                Objects.requireNonNull(ground.plan().spec().requiredTransform().source());
        if (source.expect() == null) {
            return List.of();
        }
        var session = ground.session();
        session.begin(Session.Isolation.READ_ONLY);
        try {
            return new SourceGaps(session, gaps.sql())
                    .empty(gaps.pieces().stream().map(GapCounts::dates).toList()).stream()
                            .sorted()
                            .map(place -> gaps.pieces().get(place).id())
                            .toList();
        } finally {
            session.rollback();
        }
    }
}
