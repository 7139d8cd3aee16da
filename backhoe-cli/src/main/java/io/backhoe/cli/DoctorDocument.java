package io.backhoe.cli;

import io.backhoe.ledger.LedgerState;
import io.backhoe.postgres.Observation;
import io.backhoe.postgres.Observation.Health;
import io.backhoe.value.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was looked at, for machines. */
final class DoctorDocument {
    private DoctorDocument() {}

    static Map<String, @Nullable Object> of(String description, List<Observation> all, LedgerState ledger) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("target", description);
        data.put("can_run", all.stream().noneMatch(o -> o.health().prevents()));
        data.put("observations", all.stream().map(DoctorDocument::observation).toList());
        data.put("ledger", LedgerDocument.of(ledger));
        return data;
    }

    private static Map<String, @Nullable Object> observation(Observation o) {
        var line = new LinkedHashMap<String, @Nullable Object>();
        line.put("topic", o.topic());
        line.put("name", o.name());
        line.put("health", word(o.health()));
        line.put("value", o.value());
        line.put("text", o.text());
        line.put("cure", o.cure());
        return line;
    }

    static String word(Health health) {
        return switch (health) {
            case OK -> "ok";
            case ATTENTION -> "attention";
            case NOT_PERMITTED, REFUSED -> "problem";
        };
    }

    /** Null when a run could be done. A missing right is told before a refusal: it is the more specific. */
    static @Nullable Failure failure(List<Observation> all) {
        List<Observation> problems =
                all.stream().filter(o -> o.health().prevents()).toList();
        if (problems.isEmpty()) {
            return null;
        }
        boolean rights = problems.stream().anyMatch(o -> o.health() == Health.NOT_PERMITTED);
        return new Failure(
                rights ? ExitCode.UNREACHABLE : ExitCode.REFUSED,
                rights ? "rights_missing" : "run_refused",
                "A backfill cannot be run here: "
                        + problems.stream().map(Observation::text).collect(Collectors.joining("; ")) + ".",
                problems.get(0).cure(),
                false);
    }
}
