package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.NewestRows;
import io.backhoe.database.Shown;
import java.util.List;

/** Whether the application fills the column by now: else the gap grows behind the backfill. */
final class NewestQuestion implements Question {
    private static final int ROWS = 1_000;

    @Override
    public String about() {
        return "whether new rows arrive with a value";
    }

    @Override
    public Needs needs() {
        return Needs.SCOPE;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        ColumnFacts date = subject.scope().date();
        if (date == null) {
            return List.of(Finding.couldNotTell(about(), "there is no one column of dates to tell new rows by.")
                    .remedy("Name one as scope.date_column, or look whether the application's INSERT sets "
                            + Amount.list(List.copyOf(subject.columns())) + "."));
        }
        if (!reachable(subject, date)) {
            return List.of(Finding.couldNotTell(
                            about(),
                            "no index begins with " + date.name()
                                    + ", so the whole of a large table would be read to find its newest rows.")
                    .remedy("Look at what the application writes: does its INSERT set "
                            + Amount.list(List.copyOf(subject.columns())) + "?"));
        }
        Shown<NewestRows> asked = subject.ofScope().newest(ROWS);
        NewestRows newest = asked.value();
        if (newest.rows() == 0 || newest.missing() == 0) {
            return List.of();
        }
        String which = newest.rows() == 1
                ? "The newest row lacks"
                : "Of the newest " + Amount.of(newest.rows(), "row") + " (" + newest.oldest() + " to " + newest.newest()
                        + ") " + Amount.count(newest.missing()) + " lack";
        return List.of(finding(newest, which + " a value")
                .with("rows", newest.rows())
                .with("missing", newest.missing())
                .with("newest", String.valueOf(newest.newest()))
                .shownBy(asked.sql()));
    }

    private static boolean reachable(Subject subject, ColumnFacts date) {
        return subject.table().indexes().stream()
                        .anyMatch(i -> i.columns().get(0).equals(date.name()))
                || subject.ofTable().storage().value().heapBytes()
                        <= subject.options().largeBytes();
    }

    private static Finding finding(NewestRows newest, String lack) {
        if (!newest.recent()) {
            return Finding.info(
                    "no_recent_rows",
                    lack + ". They are over a week old, so whether the application fills it by now does not show.");
        }
        return newest.missing() * 2 > newest.rows()
                ? Finding.warning(
                                "still_arriving_empty",
                                lack + ": the application does not fill it yet, so the gap grows behind the backfill.")
                        .remedy("First deploy what fills it for new rows; then backfill what is older.")
                : Finding.info(
                        "some_arrive_empty", lack + ". If that is not meant, the application does not always fill it.");
    }
}
