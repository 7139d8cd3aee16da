package io.backhoe.assess;

import io.backhoe.database.BatchParameters;
import io.backhoe.database.NamedSql;
import io.backhoe.spec.Correction;
import java.util.List;
import java.util.Set;

/** Whether a correction means as many rows as somebody said it would. Of a file that names them the plan asks. */
final class ExpectedRowsQuestion implements Question {
    @Override
    public String about() {
        return "whether as many rows are meant as correction.expect_rows says";
    }

    @Override
    public Needs needs() {
        return Needs.SCOPE;
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public List<Finding> ask(Subject subject) {
        Correction correction = subject.spec().correction();
        Correction.Expected expected = correction == null ? null : correction.expected();
        if (expected == null
                || subject.spec().records() != null
                || subject.table().key().isEmpty()) {
            return List.of();
        }
        String sql = subject.database()
                .checkSql(subject.table(), ExpressionQuestion.shape(subject), Set.of())
                .rows();
        var parameters = BatchParameters.of(subject.scope().range());
        long rows = subject.session().query(sql, parameters).get(0).number(0);
        String what = Amount.of(rows, "row") + " of " + subject.table().name() + (rows == 1 ? " is" : " are")
                + " meant, and correction.expect_rows says " + expected + ".";
        var finding = expected.holds(rows)
                ? Finding.info("rows_expected", what)
                : Finding.blocker("rows_not_expected", what)
                        .remedy("Look at scope.where; where it is right, correct expect_rows.");
        return List.of(finding.with("rows", rows)
                .with("least", expected.least())
                .with("most", expected.most())
                .shownBy(NamedSql.filledIn(sql, parameters) + ";"));
    }
}
