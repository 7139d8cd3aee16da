package io.backhoe.assess;

import io.backhoe.database.ScopeSurvey;
import io.backhoe.database.Shown;
import io.backhoe.value.SqlName;
import java.util.List;

/** Rows that no chunk holds. */
final class UndatedQuestion implements Question {
    @Override
    public String about() {
        return "how many rows have no date";
    }

    @Override
    public Needs needs() {
        return Needs.SCOPE;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var date = subject.scope().date();
        if (date == null || subject.scope().range() == null || date.notNull()) {
            return List.of();
        }
        boolean indexed = subject.table().indexes().stream()
                .anyMatch(i -> i.columns().get(0).equals(date.name()));
        double percent = indexed
                ? ScopeSurvey.ALL
                : Sample.percent(subject.ofTable().storage().value().heapBytes());
        Shown<Long> undated = subject.ofScope().undated(percent);
        if (undated.value() == 0) {
            return List.of();
        }
        long rows = Math.round(undated.value() * ScopeSurvey.ALL / percent);
        return List.of(Finding.warning(
                        "rows_without_date",
                        (percent < ScopeSurvey.ALL ? "About " : "") + Amount.of(rows, "row") + " of the whole table "
                                + (rows == 1 ? "has" : "have") + " no " + date.name()
                                + ": they lie in no chunk, and are left as they are.")
                .with("rows", rows)
                .with("estimated", percent < ScopeSurvey.ALL)
                .shownBy(undated.sql())
                .remedy("If they are meant too, give them a date first, or fill them by hand: UPDATE ... WHERE "
                        + SqlName.quote(date.name()) + " IS NULL."));
    }
}
