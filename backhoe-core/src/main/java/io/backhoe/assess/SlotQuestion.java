package io.backhoe.assess;

import io.backhoe.database.SlotFacts;
import java.util.List;

/** Who makes the server keep its log while nobody reads it. */
final class SlotQuestion implements Question {
    @Override
    public String about() {
        return "whether replication slots keep the log";
    }

    @Override
    public Needs needs() {
        return Needs.SERVER;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var asked = subject.ofServer().slots();
        SlotFacts facts = asked.value();
        String limit = facts.limitBytes() < 0
                ? "without limit (max_slot_wal_keep_size is -1)"
                : "up to " + Amount.bytes(facts.limitBytes()) + " (max_slot_wal_keep_size)";
        return facts.slots().stream()
                .filter(slot -> !slot.active() || nearLimit(slot, facts))
                .map(slot -> (slot.active() ? nearLimit(slot, limit) : inactive(slot, limit))
                        .with("slot", slot.name())
                        .with("kept_bytes", slot.keptBytes())
                        .with("limit_bytes", facts.limitBytes())
                        .shownBy(asked.sql()))
                .toList();
    }

    private static boolean nearLimit(SlotFacts.Slot slot, SlotFacts facts) {
        return facts.limitBytes() >= 0 && slot.keptBytes() > facts.limitBytes() / 2;
    }

    private static Finding inactive(SlotFacts.Slot slot, String limit) {
        return Finding.warning(
                        "slot_inactive",
                        "Nobody reads from replication slot " + slot.name() + ". It keeps "
                                + Amount.bytes(slot.keptBytes())
                                + " of log now, and what the backfill writes is added, " + limit + ".")
                .remedy("Start its reader again, or, if nobody needs it: SELECT pg_drop_replication_slot('"
                        + slot.name() + "');");
    }

    private static Finding nearLimit(SlotFacts.Slot slot, String limit) {
        return Finding.warning(
                        "slot_near_limit",
                        "The reader of replication slot " + slot.name() + " is behind: it keeps "
                                + Amount.bytes(slot.keptBytes()) + " of log, " + limit
                                + ". Above that the slot is given up, and its reader has to start anew.")
                .remedy("Find out why its reader is slow, and start when it has caught up.");
    }
}
