package io.backhoe.cli;

import io.backhoe.ledger.CheckRecord;
import java.util.ArrayList;
import java.util.List;

/** What checks have found, for a page. */
final class CheckLines {
    private CheckLines() {}

    /**
     * In a line, and one for each that somebody should look at.
     *
     * @param each whether those that hold have one too
     */
    static List<String> summary(List<CheckRecord> checks, boolean each) {
        if (checks.isEmpty()) {
            return List.of();
        }
        var lines = new ArrayList<String>();
        long hold = checks.stream().filter(CheckRecord::holds).count();
        lines.add("  checks       " + hold + " of " + checks.size() + (checks.size() == 1 ? " holds" : " hold"));
        checks.stream()
                .filter(c -> each || c.remark() != null || !c.holds())
                .map(c -> "    " + verdict(c) + "  " + c.name() + ": " + c.evidence())
                .forEach(lines::add);
        return lines;
    }

    /** Each with its evidence, and the SQL to look for oneself. */
    static List<String> all(List<CheckRecord> checks) {
        var lines = new ArrayList<String>();
        for (CheckRecord check : checks) {
            lines.add(verdict(check) + "  " + check.name());
            lines.add("  " + check.evidence());
            String sql = check.sql();
            if (sql != null) {
                lines.add("  look for yourself:");
                sql.strip().lines().map(line -> "    " + line).forEach(lines::add);
            }
        }
        return lines;
    }

    private static String verdict(CheckRecord check) {
        var remark = check.remark();
        if (check.holds() && remark != null) {
            return remark.word().replace('_', ' ');
        }
        return check.verdict().word().replace('_', ' ');
    }
}
