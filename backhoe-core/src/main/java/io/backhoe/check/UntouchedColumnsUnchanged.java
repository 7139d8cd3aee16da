package io.backhoe.check;

import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.RunTotals;
import io.backhoe.ledger.TroubleTable;
import io.backhoe.run.batch.UntouchedColumns;
import io.backhoe.spec.Check;
import io.backhoe.spec.CheckKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether batches changed nothing but what they set. They compare it themselves, inside their transactions, because nobody
 * could tell afterwards who changed what; this reads what they found.
 */
final class UntouchedColumnsUnchanged implements Question {
    private static final int EVERY = 20;

    private final Check check;

    UntouchedColumnsUnchanged(Check check) {
        this.check = check;
    }

    /** @param full whether the run was begun with checks that look at everything */
    static int every(Check check, boolean full) {
        return full || "true".equals(check.text("full")) ? 1 : EVERY;
    }

    /** Columns that somebody says may change, as by a trigger that keeps the time of the last change. */
    static Set<String> mayChange(@Nullable Check check) {
        String except = check == null ? null : check.text("except");
        return except == null
                ? Set.of()
                : Arrays.stream(except.split(","))
                        .map(String::strip)
                        .filter(c -> !c.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public CheckResult ask(Ground ground) {
        boolean asked = ground.plan().spec().execution().postChecks().stream()
                .anyMatch(c -> c.kind() == CheckKind.UNTOUCHED_COLUMNS);
        if (!asked) {
            return CheckResult.couldNotTell(
                    "no batch of the run has compared anything: its plan does not list this check, and"
                            + " afterwards nobody knows who changed what");
        }
        List<String> others = ground.sql().others();
        if (others.isEmpty()) {
            return CheckResult.notApplicable("the table has no column that the run does not set");
        }
        var found = ground.query(
                """
                SELECT c.chunk_id, c.error FROM backhoe.chunk c
                WHERE c.run_id = CAST(:run AS bigint) AND c.sqlstate = :state ORDER BY c.chunk
                """, Map.of("run", Long.toString(ground.required().id()), "state", UntouchedColumns.SQLSTATE));
        if (!found.isEmpty()) {
            return CheckResult.fails(found.get(0).required(1).replaceFirst("^[a-z_]+: ", "") + " In "
                    + Said.list(found.stream().map(r -> r.required(0)).toList()));
        }
        // How the run was begun tells what was compared, not how much somebody wants to be looked at now.
        int every = every(
                check, RunTable.fullChecks(ground.session(), ground.required().id()));
        long run = ground.required().id();
        var function = ground.plan().spec().requiredTransform().perChunk();
        if (function != null) {
            return CheckResult.couldNotTell(function.who()
                    + " is called for each chunk, outside of our transactions: no batch has compared anything");
        }
        long examined = RunTotals.read(ground.session(), run).examined();
        if (examined == 0) {
            return CheckResult.holds("no batch had a row to look at");
        }
        if (examined == TroubleTable.everQuarantined(ground.session(), run)) {
            return CheckResult.couldNotTell(
                    "no batch has compared anything: " + Said.count(examined, "row") + " looked at, and set aside");
        }
        return CheckResult.holds(Said.list(others) + " the same before and after, in "
                + (every == 1 ? "each batch" : "one batch of " + every + ", the first of each stretch among them"));
    }
}
