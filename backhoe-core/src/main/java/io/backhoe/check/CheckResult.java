package io.backhoe.check;

import io.backhoe.ledger.CheckRecord.Remark;
import io.backhoe.value.CheckVerdict;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one question.
 *
 * @param evidence for people: what was seen, with numbers, and the periods it was seen in; holds no row values
 * @param sql to look for oneself; null when there is nothing to look at
 */
record CheckResult(
        CheckVerdict verdict,
        @Nullable Remark remark,
        String evidence,
        @Nullable String sql) {
    static CheckResult holds(String evidence) {
        return new CheckResult(CheckVerdict.HOLDS, null, evidence, null);
    }

    static CheckResult fails(String evidence) {
        return new CheckResult(CheckVerdict.FAILS, null, evidence, null);
    }

    static CheckResult couldNotTell(String evidence) {
        return new CheckResult(CheckVerdict.COULD_NOT_TELL, null, evidence, null);
    }

    /** There was nothing to ask. */
    static CheckResult notApplicable(String why) {
        return new CheckResult(CheckVerdict.HOLDS, Remark.NOT_APPLICABLE, "not applicable: " + why, null);
    }

    /** It does not stop anything, and somebody should look at it all the same. */
    CheckResult asWarning() {
        return new CheckResult(verdict, Remark.WARNING, evidence, sql);
    }

    CheckResult shownBy(@Nullable String query) {
        return new CheckResult(verdict, remark, evidence, query);
    }
}
