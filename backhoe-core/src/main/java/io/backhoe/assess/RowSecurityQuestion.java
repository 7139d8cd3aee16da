package io.backhoe.assess;

import java.util.List;

final class RowSecurityQuestion implements Question {
    @Override
    public String about() {
        return "whether row-level security hides rows";
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        var security = subject.ofTable().rowSecurity();
        if (!security.value().on()) {
            return List.of();
        }
        String table = subject.table().name().toString();
        Finding finding = security.value().applies()
                ? Finding.blocker(
                                "row_security",
                                "Row-level security applies to role "
                                        + subject.server().user() + " on " + table
                                        + ": rows may be hidden from it, and a backfill would silently leave them out.")
                        .remedy("Run as the table's owner, or as a role with BYPASSRLS.")
                : Finding.info(
                        "row_security_bypassed",
                        "Table " + table + " has row-level security; it does not apply to role "
                                + subject.server().user() + ", who sees every row.");
        return List.of(finding.with("policies", security.value().policies()).shownBy(security.sql()));
    }
}
