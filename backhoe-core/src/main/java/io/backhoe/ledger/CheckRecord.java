package io.backhoe.ledger;

import io.backhoe.value.CheckVerdict;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a check has found, as the ledger has it.
 *
 * @param remark null when the verdict is all there is to say
 * @param evidence for people: what was seen, with numbers, and the periods it was seen in
 * @param sql to look for oneself; null when there is nothing to look at
 */
public record CheckRecord(
        Phase phase,
        String name,
        CheckVerdict verdict,
        @Nullable Remark remark,
        String evidence,
        @Nullable String sql,
        Instant at) {
    /** When it was asked. */
    public enum Phase {
        PRE,
        POST,
        VERIFY;

        /** As it stands in the ledger. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What goes with a check that holds. */
    public enum Remark {
        /** It holds, and somebody should look at it all the same. */
        WARNING,
        /** There was nothing to ask; the evidence says why. */
        NOT_APPLICABLE;

        /** As it stands in the ledger. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code verify_no_nulls_in_tier holds: no row lacks it}: as whoever listens, and the ledger's log, has it. */
    public String line() {
        return name + " " + verdict.word() + ": " + evidence;
    }

    /** Whether it stands in no way: it holds, or it could not tell what can never be read here, which is only said. */
    public boolean holds() {
        return verdict == CheckVerdict.HOLDS || (verdict == CheckVerdict.COULD_NOT_TELL && remark == Remark.WARNING);
    }
}
