package io.backhoe.assess;

import io.backhoe.database.ConstraintFacts;
import io.backhoe.database.ConstraintFacts.Kind;
import io.backhoe.database.Shown;
import io.backhoe.value.SqlName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rules new values have to keep, and who depends on the old ones. */
final class ConstraintQuestion implements Question {
    @Override
    public String about() {
        return "which constraints the new values meet";
    }

    @Override
    public List<Finding> ask(Subject subject) {
        Shown<List<ConstraintFacts>> constraints = subject.ofTable().constraints();
        var findings = new ArrayList<Finding>();
        for (ConstraintFacts constraint : constraints.value()) {
            boolean ours = !Collections.disjoint(constraint.columns(), subject.columns());
            Finding finding = finding(subject, constraint, ours);
            if (finding != null) {
                findings.add(finding.with("constraint", constraint.name())
                        .with("definition", constraint.definition())
                        .shownBy(constraints.sql()));
            }
        }
        return findings;
    }

    private static @Nullable Finding finding(Subject subject, ConstraintFacts constraint, boolean ours) {
        if (constraint.kind() == Kind.CHECK && !constraint.validated()) {
            return notValid(subject, constraint);
        } else if (!ours) {
            return null;
        }
        return switch (constraint.kind()) {
            case CHECK ->
                Finding.info(
                        "check_constraint",
                        "Each new value must fulfil " + constraint.name()
                                + "; a row whose value does not is set aside with its error.");
            case FOREIGN_KEY ->
                Finding.warning(
                                "foreign_key_checked",
                                "Each new value is looked up in " + constraint.other() + " (" + constraint.name()
                                        + "), and the row found there is share-locked until the batch has ended.")
                        .remedy("Check beforehand that every value exists in " + constraint.other()
                                + "; rows with one that does not are set aside with their error.");
            case REFERENCED_BY ->
                Finding.warning(
                                "referenced_by",
                                "Table " + constraint.other() + " refers to "
                                        + Amount.list(constraint.columns()) + " (" + constraint.name()
                                        + "): changing a value that is referred to is an error, or changes "
                                        + constraint.other() + " too, which undo does not take back.")
                        .remedy("Fill only values that nothing refers to yet, or fill " + constraint.other()
                                + " first.");
        };
    }

    /** It speaks of every row that is updated, whichever column is set. */
    private static Finding notValid(Subject subject, ConstraintFacts constraint) {
        return Finding.warning(
                        "check_not_valid",
                        "Constraint " + constraint.name()
                                + " is NOT VALID: old rows may break it, and such a row cannot be updated at all, not even"
                                + " in another column.")
                .remedy("Mend those rows first, or have them set aside; this shows whether there are any, and reads the"
                        + " whole table: ALTER TABLE " + subject.tableSql() + " VALIDATE CONSTRAINT "
                        + SqlName.quote(constraint.name()) + ";");
    }
}
