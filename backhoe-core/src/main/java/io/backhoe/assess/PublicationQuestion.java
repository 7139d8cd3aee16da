package io.backhoe.assess;

import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Who gets each changed row sent. */
final class PublicationQuestion implements Question {
    @Override
    public String about() {
        return "who gets the changed rows sent";
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var asked = subject.ofTable().publications();
        var facts = asked.value();
        var findings = new ArrayList<Finding>();
        if (!facts.publications().isEmpty() && !facts.identified()) {
            findings.add(Finding.blocker(
                            "no_replica_identity",
                            "Updates of " + subject.table().name() + " are published (by "
                                    + Amount.list(facts.publications())
                                    + "), but it has no replica identity: the server refuses every UPDATE of it.")
                    .with("publications", facts.publications())
                    .shownBy(asked.sql())
                    .remedy(facts.deferrable() ? besidesTheKey(subject) : byTheKey(subject)));
        } else if (!facts.publications().isEmpty()) {
            findings.add(Finding.warning(
                            "published",
                            "Updates of " + subject.table().name() + " are published by "
                                    + Amount.list(facts.publications())
                                    + ": every changed row is sent to each subscriber, and changed there once more.")
                    .with("publications", facts.publications())
                    .shownBy(asked.sql())
                    .remedy("Tell whoever runs the subscribers, and watch their lag while it runs."));
        }
        if (facts.whole()) {
            findings.add(Finding.warning(
                            "replica_identity_full",
                            "The table has REPLICA IDENTITY FULL: where the log serves logical replication, each change"
                                    + " writes the whole old row to it as well.")
                    .shownBy(asked.sql())
                    .remedy("Plan for that much more log; or ALTER TABLE " + subject.tableSql()
                            + " REPLICA IDENTITY DEFAULT; where it has a primary key."));
        }
        return findings;
    }

    private static String byTheKey(Subject subject) {
        return "ALTER TABLE " + subject.tableSql() + " REPLICA IDENTITY DEFAULT; where it has a primary key,"
                + " else REPLICA IDENTITY USING INDEX with a unique index over columns that are NOT NULL.";
    }

    /** What is looked at only when a transaction ends tells no row from another before that. */
    private static String besidesTheKey(Subject subject) {
        String columns = subject.table().key().stream().map(SqlName::quote).collect(Collectors.joining(", "));
        return "Its primary key is DEFERRABLE, which the server takes for no replica identity: ALTER TABLE "
                + subject.tableSql() + " REPLICA IDENTITY FULL; or a unique index beside the key (CREATE UNIQUE INDEX"
                + " CONCURRENTLY ... ON " + subject.tableSql() + " (" + columns + ")), and REPLICA IDENTITY USING INDEX"
                + " with that.";
    }
}
