package io.backhoe.cli;

import io.backhoe.ledger.Audit;
import io.backhoe.ledger.Audit.Verdict;
import io.backhoe.value.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the events of runs are as they were written.
 *
 * @param one whether somebody asked for one run, and wants to know when there is no telling
 */
record AuditPage(List<Audit> audits, boolean one) {
    AuditPage {
        audits = List.copyOf(audits);
    }

    /** Asks for one run, or for all. */
    static AuditPage of(Target target, @Nullable String run) {
        var backhoe = target.backhoe();
        return run == null
                ? new AuditPage(backhoe.audits(), false)
                : new AuditPage(List.of(backhoe.audit(backhoe.find(run))), true);
    }

    Answer answer(Out out) {
        out.lines(lines());
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("audits", audits.stream().map(AuditPage::data).toList());
        var bad = audits.stream()
                .filter(a -> a.verdict() == Verdict.FAILS || (one && a.verdict() == Verdict.COULD_NOT_TELL))
                .findFirst();
        return new Answer(
                data,
                bad.map(a -> new Failure(
                                ExitCode.CHECK_FAILED,
                                a.verdict() == Verdict.FAILS ? "audit_fails" : "audit_could_not_tell",
                                "Run " + a.runId() + ": " + a.evidence(),
                                "SELECT * FROM backhoe.event WHERE run_id = " + a.runId() + " ORDER BY event_id;",
                                false))
                        .orElse(null));
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        for (Audit audit : audits) {
            lines.add("run " + audit.runId() + "  " + word(audit) + "  " + audit.evidence());
            if (audit.head() != null) {
                lines.add("       head " + audit.head());
            }
        }
        if (audits.isEmpty()) {
            lines.add("There is no run to audit.");
        }
        return lines;
    }

    private static String word(Audit audit) {
        return audit.verdict().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, @Nullable Object> data(Audit audit) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("run_id", Long.toString(audit.runId()));
        data.put("verdict", word(audit));
        data.put("events", audit.events());
        data.put("not_covered", audit.notCovered());
        data.put("broken_event", audit.broken() == null ? null : audit.broken().toString());
        data.put("evidence", audit.evidence());
        data.put("head", audit.head());
        return data;
    }
}
