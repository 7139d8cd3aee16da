package io.backhoe.assess;

import java.util.List;

final class RightsQuestion implements Question {
    @Override
    public String about() {
        return "whether this role may do it";
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        List<String> grants = subject.database().missingRights(subject.session(), subject.table(), subject.columns());
        return grants.isEmpty() ? List.of() : List.of(missing(subject, grants));
    }

    static Finding missing(Subject subject, List<String> grants) {
        String user = subject.server().user();
        return Finding.blocker(
                        "rights_missing",
                        "Role " + user + " lacks " + Amount.of(grants.size(), "right") + " that a run needs.")
                .with("role", user)
                .with("grants", grants)
                .remedy("Have the owner run, or run the backfill as another role: " + String.join(" ", grants));
    }
}
