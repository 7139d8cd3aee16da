package io.backhoe;

import io.backhoe.assess.AssessOptions;
import io.backhoe.assess.Assessor;
import io.backhoe.assess.Finding;
import io.backhoe.assess.Severity;
import io.backhoe.database.Database;
import io.backhoe.plan.Plan;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan is not made where assessing the table would show a blocker; a doubt becomes a note of it. */
final class Blockers {
    /** Whoever may read may plan; the planner has noted what else a run needs. */
    private static final String ONLY_TO_RUN = "rights_missing";

    private final Assessor assessor;

    Blockers(Database database, Time time) {
        this.assessor = new Assessor(database, time);
    }

    /** @throws BackhoeException REFUSED, naming every blocker */
    Plan refuse(Plan plan) {
        var assessment = assessor.assess(plan.spec(), AssessOptions.BLOCKERS);
        List<Finding> blockers = assessment.of(Severity.BLOCKER).stream()
                .filter(f -> !f.code().equals(ONLY_TO_RUN))
                .toList();
        if (!blockers.isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    blockers.get(0).code(),
                    blockers.stream().map(Finding::what).collect(Collectors.joining(" ")) + " Nothing was changed.",
                    remedies(blockers));
        }
        var doubts = assessment.blockersAndDoubts().stream()
                .map(f -> f.what() + (f.what().endsWith(".") ? "" : ".") + " backhoe assess tells more.")
                .toList();
        return plan.with(plan.forecast(), plan.explain(), plan.lineage(), doubts);
    }

    private static @Nullable String remedies(List<Finding> blockers) {
        String all =
                blockers.stream().map(Finding::remedy).filter(Objects::nonNull).collect(Collectors.joining(" "));
        return all.isEmpty() ? null : all;
    }
}
