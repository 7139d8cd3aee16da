package io.backhoe;

import io.backhoe.database.Database;
import io.backhoe.ledger.Predecessor;
import io.backhoe.plan.Plan;
import io.backhoe.plan.PlannedChunk;
import java.util.ArrayList;
import java.util.List;

/** What a reviewer should know of the backfills that a plan comes after, as they stand when it is planned. Thread-safe. */
record Ordering(Database database, Runs runs) {
    Plan noted(Plan plan) {
        var after = plan.spec().after();
        if (after.isEmpty()) {
            return plan;
        }
        try (var session = database.open("backhoe/look", Backhoe.SETTINGS)) {
            boolean ledger = runs.isCurrent(session);
            var scope = plan.spec().scope();
            var notes = new ArrayList<String>();
            for (String name : after) {
                notes.add(note(
                        plan,
                        ledger
                                ? Predecessor.read(session, name, scope.table().toString(), scope)
                                : List.of(new Predecessor(name, null, null, List.of()))));
            }
            return plan.with(plan.forecast(), plan.explain(), plan.lineage(), notes);
        }
    }

    private static String note(Plan plan, List<Predecessor> runs) {
        var other = runs.get(0);
        String after = "after " + other.name() + ": ";
        var run = other.run();
        if (run == null) {
            return after
                    + "this ledger has no run of it yet; chunks wait until there is one that has done their range.";
        }
        boolean dated = plan.chunks().stream().allMatch(c -> c.start() != null);
        if (other.span() == null || !dated) {
            return after
                    + "its ranges and those of this plan are not of one table and one calendar, so every chunk waits"
                    + " until its newest run, now " + run.id() + ", has SUCCEEDED.";
        }
        var beyond = plan.chunks().stream()
                .filter(c -> Predecessor.of(runs, c.start(), c.end()).isEmpty())
                .map(PlannedChunk::id)
                .toList();
        return after
                + "a chunk waits until the newest run of it that reaches the same range has done that; the newest of all is "
                + run.id() + " now."
                + (beyond.isEmpty()
                        ? ""
                        : " None reaches " + beyond.get(0)
                                + (beyond.size() == 1 ? "" : " and " + (beyond.size() - 1) + " more")
                                + ", which wait for nothing.");
    }
}
