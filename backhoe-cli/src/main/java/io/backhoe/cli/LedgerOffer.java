package io.backhoe.cli;

import io.backhoe.ledger.LedgerState;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import org.jspecify.annotations.Nullable;

/** Says before a ledger is made, and asks where somebody can be asked. */
record LedgerOffer(Out out, Target target) {
    /** What is going to happen to the ledger; null when nothing is. */
    static @Nullable String of(LedgerState ledger) {
        return switch (ledger.kind()) {
            case NONE -> "The ledger (schema backhoe) is not there yet; it is created first.";
            case OLD -> "The ledger (schema backhoe) is older than this program; it is brought up to date first.";
            case CURRENT, NEW, UNREADABLE -> null;
        };
    }

    /** @param agreed whether that was said already, by a flag or by an answer */
    void confirm(LedgerState ledger, boolean agreed) {
        String what = of(ledger);
        if (what == null) {
            return;
        }
        if (agreed || !out.canAsk()) {
            out.terminal().err().println(what);
        } else if (!out.confirm(what + " In " + target.description() + "?")) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "ledger_not_confirmed",
                    "Not confirmed: without a ledger nothing can be run. Nothing was changed.",
                    "backhoe ledger --sql" + target.flags() + " prints it for a DBA to review and run.");
        }
    }
}
