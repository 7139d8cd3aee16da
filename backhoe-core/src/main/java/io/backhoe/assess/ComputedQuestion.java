package io.backhoe.assess;

import io.backhoe.database.ColumnUse;
import io.backhoe.database.Shown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the server computes or checks along with the columns that are set. */
final class ComputedQuestion implements Question {
    @Override
    public String about() {
        return "what is computed from the columns";
    }

    @Override
    public List<Finding> ask(Subject subject) {
        Shown<List<ColumnUse>> columns = subject.ofTable().columns();
        var findings = new ArrayList<Finding>();
        for (ColumnUse column : columns.value()) {
            if (!Collections.disjoint(column.computedFrom(), subject.columns())) {
                findings.add(Finding.info(
                                "computed_column",
                                "Column " + column.name() + " is computed from "
                                        + Amount.list(column.computedFrom())
                                        + ": it changes along, and is as it was after undo.")
                        .with("column", column.name())
                        .shownBy(columns.sql()));
            }
            if (column.domain() != null && subject.columns().contains(column.name())) {
                findings.add(Finding.info(
                                "domain_checked",
                                "Column " + column.name() + " is of the domain " + column.domain()
                                        + ": each new value must keep its rules; a row whose value does not is set aside"
                                        + " with its error.")
                        .with("column", column.name())
                        .with("domain", column.domain())
                        .shownBy(columns.sql()));
            }
        }
        return findings;
    }
}
