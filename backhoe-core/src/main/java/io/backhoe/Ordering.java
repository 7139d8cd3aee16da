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
                                : new Predecessor(name, List.of())));
            }
            return plan.with(plan.forecast(), plan.explain(), plan.lineage(), notes);
        }
    }

    private static String note(Plan plan, Predecessor other) {
        String after = "after " + other.name() + ": ";
        if (other.runs().isEmpty()) {
            return after
                    + "this ledger has no run of it yet; chunks wait until there is one that has done their range.";
        }
        long newest = other.runs().get(0).id();
        boolean dated = plan.chunks().stream().allMatch(c -> c.start() != null);
        if (!other.dated() || !dated) {
            return after
                    + "its ranges and those of this plan are not of one table and one calendar, so every chunk waits"
                    + " until its newest run, now " + newest + ", has SUCCEEDED and no other is under way.";
        }
        var beyond = plan.chunks().stream()
                .filter(c -> !other.verdict(c.start(), c.end()).reached())
                .map(PlannedChunk::id)
                .toList();
        return after
                + "a chunk waits until its runs have done the same range; the newest of all is " + newest + " now."
                + (beyond.isEmpty()
                        ? ""
                        : " None reaches " + beyond.get(0)
                                + (beyond.size() == 1 ? "" : " and " + (beyond.size() - 1) + " more")
                                + ", which wait for nothing.");
    }
}
