package io.backhoe.assess;

import io.backhoe.database.MatchCount;
import io.backhoe.database.Shown;
import java.util.List;

/** How many rows have nothing to be filled from. */
final class UnmatchedQuestion implements Question {
    @Override
    public String about() {
        return "how many rows have no match";
    }

    @Override
    public Needs needs() {
        return Needs.SCOPE;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        if (subject.scope().from() == null) {
            return List.of();
        }
        Shown<MatchCount> matches = MatchQuestion.matches(subject);
        long rows = matches.value().rows();
        long unmatched = matches.value().unmatched();
        return unmatched == 0
                ? List.of()
                : List.of(Finding.info(
                                "rows_without_match",
                                Amount.count(unmatched) + " of " + Amount.of(rows, "row") + " that were looked at ("
                                        + Amount.percent(unmatched, rows)
                                        + ") have no match in what is joined: they stay as they are.")
                        .with("rows", rows)
                        .with("unmatched", unmatched)
                        .shownBy(matches.sql())
                        .remedy(
                                "If they should get a value too, join with what has a row for each of them, or fill them"
                                        + " in a second backfill."));
    }
}
