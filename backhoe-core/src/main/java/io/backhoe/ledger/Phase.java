package io.backhoe.ledger;

import java.util.Locale;

/** Whether segments do the work of the plan or take it back. */
public enum Phase {
    RUN,
    UNDO;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
