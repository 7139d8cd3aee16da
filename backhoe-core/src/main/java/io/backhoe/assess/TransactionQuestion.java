package io.backhoe.assess;

import io.backhoe.database.OpenTransactions;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;

/** Who has a transaction open for so long that nothing younger can be cleaned up. */
final class TransactionQuestion implements Question {
    @Override
    public String about() {
        return "who has long transactions open";
    }

    @Override
    public Needs needs() {
        return Needs.SERVER;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var asked = subject.ofServer().transactions();
        var findings = new ArrayList<Finding>();
        for (OpenTransactions.Open open : asked.value().open()) {
            if (open.seconds() >= subject.options().longTransaction().toSeconds()) {
                findings.add(finding(open).shownBy(asked.sql()));
            }
        }
        int hidden = asked.value().hidden();
        if (hidden > 0) {
            findings.add(Finding.couldNotTell(
                            about(),
                            "what " + Amount.of(hidden, "session") + " of others do is not shown to role "
                                    + subject.server().user() + ".")
                    .with("hidden_sessions", (long) hidden)
                    .shownBy(asked.sql())
                    .remedy("GRANT pg_monitor TO "
                            + SqlName.quote(subject.server().user()) + ";"));
        }
        return findings;
    }

    private static Finding finding(OpenTransactions.Open open) {
        String since = "for " + Amount.time(open.seconds());
        String harm = "; row versions that the backfill leaves behind cannot be cleaned up while it is open.";
        if (open.prepared()) {
            return Finding.warning(
                            "prepared_transaction",
                            "Transaction '" + open.name() + "' of " + open.user() + " has been prepared " + since
                                    + " and not ended: it keeps its locks, also on rows of this table if it wrote them"
                                    + harm)
                    .with("gid", open.name())
                    .with("seconds", open.seconds())
                    .remedy("Ask its owner, then: COMMIT PREPARED '"
                            + open.name().replace("'", "''") + "'; or ROLLBACK PREPARED.");
        }
        return (open.idle()
                        ? Finding.warning(
                                "idle_in_transaction",
                                "Session " + open.name() + " of " + open.user() + " has a transaction open " + since
                                        + " and does nothing in it" + harm)
                        : Finding.warning(
                                "long_transaction",
                                "Session " + open.name() + " of " + open.user() + " has had a transaction open " + since
                                        + harm))
                .with("pid", open.name())
                .with("seconds", open.seconds())
                .remedy("Wait for it or ask its user; to end it: SELECT pg_terminate_backend(" + open.name() + ");");
    }
}
