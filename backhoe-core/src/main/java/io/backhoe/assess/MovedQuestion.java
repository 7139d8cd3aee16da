package io.backhoe.assess;

import io.backhoe.database.ColumnFacts;
import io.backhoe.database.ColumnUse;
import io.backhoe.database.TriggerFacts;
import io.backhoe.spec.ChunkBy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether a row moves, within the order in which rows are worked on, because it is worked on. */
final class MovedQuestion implements Question {
    @Override
    public String about() {
        return "whether rows move while they are changed";
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    /** Also the one that is chosen because the table has no other. */
    private static @Nullable String date(Subject subject) {
        ColumnFacts chosen = subject.knows(Needs.SCOPE) ? subject.scope().date() : null;
        return chosen == null ? subject.spec().scope().dateColumn() : chosen.name();
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var order = new TreeSet<>(subject.table().key());
        String date = date(subject);
        ChunkBy unit = subject.spec().strategy().chunkBy();
        // By key the date is but a condition, asked once of each row.
        if (date != null && unit != ChunkBy.KEY && unit != ChunkBy.AUTO) {
            order.add(date);
        }
        var findings = new ArrayList<Finding>();
        var columns = subject.ofTable().columns();
        for (ColumnUse column : columns.value()) {
            if (order.contains(column.name()) && !Collections.disjoint(column.computedFrom(), subject.columns())) {
                findings.add(Finding.blocker(
                                "rows_move",
                                "Column " + column.name() + " of "
                                        + subject.table().name() + " tells which rows are done"
                                        + " (key, or column of the chunks), and the server computes it from "
                                        + Amount.list(column.computedFrom())
                                        + ": a row that is changed could come up a second time.")
                        .with("column", column.name())
                        .remedy("Set " + Amount.list(column.computedFrom()) + " by another date_column or by"
                                + " strategy.chunk_by: key; where the key itself is computed, by hand.")
                        .shownBy(columns.sql()));
            }
        }
        var triggers = subject.ofTable().triggers();
        for (TriggerFacts trigger : triggers.value()) {
            boolean fires = trigger.columns().isEmpty() || !Collections.disjoint(trigger.columns(), subject.columns());
            var moved = order.stream().filter(trigger.assigns()::contains).toList();
            if (fires && trigger.before() && trigger.eachRow() && !moved.isEmpty()) {
                findings.add(Finding.warning(
                                "trigger_may_move_rows",
                                "The function of trigger " + trigger.name() + " assigns to " + Amount.list(moved)
                                        + ", which tells which rows are done: where it does so on UPDATE, a row that is"
                                        + " changed could come up a second time.")
                        .with("trigger", trigger.name())
                        .with("function", trigger.function())
                        .remedy("Read the function. If it does so on UPDATE, choose another date_column, or"
                                + " strategy.chunk_by: key.")
                        .shownBy(triggers.sql()));
            }
        }
        return findings;
    }
}
