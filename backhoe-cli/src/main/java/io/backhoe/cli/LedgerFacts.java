package io.backhoe.cli;

import io.backhoe.ledger.LedgerSchema;
import io.backhoe.ledger.LedgerState;
import io.backhoe.postgres.Observation;
import io.backhoe.postgres.Observation.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a ledger means for a run. */
final class LedgerFacts {
    private static final String TOPIC = "ledger";
    private static final Set<String> OPEN = Set.of("PLANNED", "RUNNING", "PAUSED", "VERIFYING", "ROLLING_BACK");

    private LedgerFacts() {}

    static List<Observation> of(LedgerState ledger) {
        var lines = new ArrayList<Observation>();
        lines.add(version(ledger));
        Map<String, Long> runs = ledger.runs();
        long open = runs == null
                ? 0
                : runs.entrySet().stream()
                        .filter(state -> OPEN.contains(state.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        if (open > 0) {
            lines.add(new Observation(
                    TOPIC,
                    "open_runs",
                    Health.ATTENTION,
                    Long.toString(open),
                    open + (open == 1 ? " run has" : " runs have") + " not ended; a run of the same rows and columns is"
                            + " refused until then",
                    "backhoe list shows them; backhoe resume or backhoe cancel ends one"));
        }
        return lines;
    }

    private static Observation version(LedgerState ledger) {
        String version = ledger.version() == null ? null : Integer.toString(ledger.version());
        return switch (ledger.kind()) {
            case NONE -> line(Health.OK, version, "none yet (schema backhoe); the first run creates it", null);
            case CURRENT -> line(Health.OK, version, "version " + version + ", the one that this program writes", null);
            case OLD ->
                line(
                        Health.ATTENTION,
                        version,
                        "version " + version + ", older than " + LedgerSchema.VERSION + " of this program; the next run"
                                + " brings it up to date if it may",
                        "backhoe ledger --create, or let its owner run what backhoe ledger --sql prints");
            case NEW ->
                line(
                        Health.REFUSED,
                        version,
                        "version " + version + ", newer than " + LedgerSchema.VERSION + ", which this program writes",
                        "use the newer Backhoe that made it");
            case UNREADABLE ->
                line(
                        Health.NOT_PERMITTED,
                        version,
                        "there is a ledger, and it may not be read",
                        "let its owner (" + ledger.owner() + ") run what backhoe ledger --sql prints");
        };
    }

    private static Observation line(Health health, @Nullable String value, String text, @Nullable String cure) {
        return new Observation(TOPIC, "version", health, value, text, cure);
    }
}
