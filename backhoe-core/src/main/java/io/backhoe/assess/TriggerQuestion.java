package io.backhoe.assess;

import io.backhoe.database.Shown;
import io.backhoe.database.TriggerFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What else happens when a row is updated. */
final class TriggerQuestion implements Question {
    @Override
    public String about() {
        return "which triggers fire";
    }

    @Override
    public List<Finding> ask(Subject subject) {
        Shown<List<TriggerFacts>> triggers = subject.ofTable().triggers();
        var findings = new ArrayList<Finding>();
        for (TriggerFacts trigger : triggers.value()) {
            if (fires(trigger, subject)) {
                findings.add((trigger.before()
                                        && trigger.eachRow()
                                        && !trigger.assigns().isEmpty()
                                ? changesTheRow(trigger)
                                : fires(trigger))
                        .with("trigger", trigger.name())
                        .with("function", trigger.function())
                        .shownBy(triggers.sql()));
            }
        }
        return findings;
    }

    private static boolean fires(TriggerFacts trigger, Subject subject) {
        return trigger.columns().isEmpty() || !Collections.disjoint(trigger.columns(), subject.columns());
    }

    private static Finding changesTheRow(TriggerFacts trigger) {
        String columns = Amount.list(trigger.assigns());
        return Finding.warning(
                        "trigger_changes_rows",
                        "Trigger " + trigger.name() + " fires for each row and sets " + columns + " itself (by "
                                + trigger.function()
                                + "): every row that the backfill touches gets that change too, and undo does not take"
                                + " it back.")
                .with("assigns", trigger.assigns())
                .remedy("Ask who reads " + columns
                        + " (caches, exports, change feeds). If it must stay as it is, have the"
                        + " function leave backfills alone: IF current_setting('application_name') LIKE 'backhoe/%'"
                        + " THEN RETURN NEW; END IF;");
    }

    private static Finding fires(TriggerFacts trigger) {
        String when = trigger.before() ? "before" : "after";
        return trigger.eachRow()
                ? Finding.warning(
                                "trigger_fires",
                                "Trigger " + trigger.name() + " fires " + when + " each row is updated and calls "
                                        + trigger.function()
                                        + ": that many calls, and what they do elsewhere is not undone.")
                        .remedy("Read the function, and try the backfill on a copy. What it must not do for old rows it"
                                + " can leave out: IF current_setting('application_name') LIKE 'backhoe/%' THEN RETURN"
                                + " NEW; END IF;")
                : Finding.info(
                        "trigger_fires_once_a_batch",
                        "Trigger " + trigger.name() + " fires " + when + " each statement, so once a batch, and calls "
                                + trigger.function() + "; what it does elsewhere is not undone.");
    }
}
