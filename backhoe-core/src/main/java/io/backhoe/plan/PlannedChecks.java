package io.backhoe.plan;

import io.backhoe.spec.Check;
import io.backhoe.spec.CheckKind;
import io.backhoe.spec.Correction;
import io.backhoe.spec.QueryRules;
import io.backhoe.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/** The checks of a plan: those of every run of its kind where the spec lists none, and those that a correction always has. */
final class PlannedChecks {
    private PlannedChecks() {}

    static Spec.Execution of(Spec spec) {
        var execution = spec.requiredTransform().source() == null
                ? spec.execution().withDefaultChecks()
                : spec.execution().withDefaultChecks(QueryRules.DEFAULT_PRE, QueryRules.DEFAULT_POST);
        Correction correction = spec.correction();
        if (correction == null) {
            return execution;
        }
        return new Spec.Execution(
                correction.expected() == null
                        ? execution.preChecks()
                        : with(execution.preChecks(), CheckKind.EXPECTED_ROWS),
                execution.chunks(),
                correction.records() == null
                        ? execution.postChecks()
                        : with(execution.postChecks(), CheckKind.RECORDS_FOUND));
    }

    private static List<Check> with(List<Check> checks, CheckKind kind) {
        if (checks.stream().anyMatch(c -> c.kind() == kind)) {
            return checks;
        }
        var more = new ArrayList<>(checks);
        more.add(Check.of(kind));
        return more;
    }
}
