package io.backhoe.plan;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What has changed about a table since it was planned for. */
public final class Drift {
    private final Plan plan;

    public Drift(Plan plan) {
        this.plan = plan;
    }

    /** What matters of a table's fingerprint: of its indexes only the one that is walked, and those that are unique. */
    static List<String> relevant(List<String> fingerprint, String index) {
        String quoted = "\"" + index.replace("\"", "\"\"") + "\"";
        return fingerprint.stream()
                .filter(l -> !l.startsWith("index ")
                        || l.startsWith("index " + index + " ")
                        || l.startsWith("index " + quoted + " "))
                .toList();
    }

    /** A line a difference: {@code -} what was planned for, {@code +} what is there. */
    public List<String> against(List<String> fingerprint) {
        var planned = new HashSet<>(plan.fingerprint());
        var present = new HashSet<>(fingerprint);
        var lines = new ArrayList<String>();
        plan.fingerprint().stream().filter(l -> !present.contains(l)).forEach(l -> lines.add("- " + l));
        fingerprint.stream().filter(l -> !planned.contains(l)).forEach(l -> lines.add("+ " + l));
        return lines;
    }

    /** @throws BackhoeException DRIFTED, with the differences */
    public void refuse(List<String> fingerprint) {
        var lines = against(relevant(fingerprint, plan.access().index()));
        if (!lines.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.DRIFTED,
                    "table_drifted",
                    "Table " + plan.spec().scope().table() + " is no longer as planned for; nothing was changed.\n  "
                            + String.join("\n  ", lines),
                    "Review the difference; then plan anew: backhoe plan SPEC");
        }
    }
}
