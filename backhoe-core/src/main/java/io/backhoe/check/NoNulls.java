package io.backhoe.check;

import io.backhoe.spec.Check;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a column that was filled has a value everywhere in scope, chunk by chunk. */
final class NoNulls implements Question {
    private final String column;

    NoNulls(Check check) {
        this.column = Objects.requireNonNull(check.column(), check.name());
    }

    @Override
    public CheckResult ask(Ground ground) {
        String sql = Objects.requireNonNull(ground.sql().missing().get(column), column);
        String rows = Objects.requireNonNull(ground.sql().lacking().get(column), column);
        var periods = new ArrayList<String>();
        long missing = 0;
        long unmatched = 0;
        long yieldsNull = 0;
        @Nullable String shown = null;
        for (Piece piece : ground.pieces()) {
            var row = ground.query(sql, piece, Map.of()).get(0);
            if (row.number(0) > 0) {
                missing += row.number(0);
                unmatched += row.number(1);
                yieldsNull += row.number(2);
                periods.add(piece.id() + " (" + Said.count(row.number(0), "row") + ")");
                shown = shown == null ? ground.shown(rows, piece) + ";" : shown;
            }
        }
        if (missing == 0) {
            String all = ground.pieces().isEmpty()
                    ? null
                    : ground.shown(rows, ground.pieces().get(0)) + ";";
            return CheckResult.holds(
                            "no row of " + Said.count(ground.pieces().size(), "chunk") + " lacks a value in " + column)
                    .shownBy(all);
        }
        return CheckResult.fails(Said.count(missing, "row") + " without a value in " + column
                        + why(missing, unmatched, yieldsNull) + ", in " + Said.list(periods))
                .shownBy(shown);
    }

    private static String why(long missing, long unmatched, long yieldsNull) {
        var why = new ArrayList<String>();
        if (unmatched > 0) {
            why.add(Said.count(unmatched, "row") + " without a match in what is joined");
        }
        if (yieldsNull > 0) {
            why.add("the expression yields NULL for " + Said.count(yieldsNull, "row"));
        }
        long rest = missing - unmatched - yieldsNull;
        if (rest > 0 && rest < missing) {
            why.add(Said.count(rest, "row") + " that the run did not reach, or that came since");
        }
        return why.isEmpty() ? "" : " (" + String.join("; ", why) + ")";
    }
}
