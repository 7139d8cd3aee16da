package io.backhoe.check;

import io.backhoe.database.CheckSql;
import io.backhoe.ledger.RunTotals;
import io.backhoe.spec.Check;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether what the run wrote is what its expressions yield: computed anew on the rows as they were, which the before-images
 * know, so that an expression that reads its own column ({@code n + 1}) is understood too. Only rows that the run wrote are
 * looked at; one that somebody has changed since is counted apart.
 */
final class ValuesMatchExpression implements Question {
    private static final double USUAL_SHARE = 0.01;

    private final double share;

    ValuesMatchExpression(Check check) {
        String given = check.text("sample");
        this.share = given == null
                ? USUAL_SHARE
                : Double.parseDouble(given.replace("%", "").strip()) / 100;
    }

    @Override
    public CheckResult ask(Ground ground) {
        var function = ground.plan().spec().requiredTransform().function();
        if (function != null) {
            return CheckResult.couldNotTell(
                    function.who() + " decides what is written, and there is no expression to compute it anew from");
        }
        CheckSql.Images images = ground.sql().images();
        if (images == null) {
            return CheckResult.couldNotTell(
                    "without before-images (rollback.strategy: none) nobody knows which rows the run wrote");
        }
        var stretches = Stretches.of(ground, images, ground.effort().or(share));
        var totals = new Totals();
        for (var stretch : stretches.taken()) {
            totals.images +=
                    ground.query(images.rows(), stretch.parameters()).get(0).number(0);
            ground.query(images.compare(), stretch.parameters())
                    .forEach(r -> totals.add(r.number(0), r.number(1), r.number(2), r.number(3), r.number(4)));
        }
        String sql = ground.shown(images.compare(), new Stretches.Stretch(0, stretches.pages()).parameters()) + ";";
        long written = RunTotals.read(ground.session(), ground.required().id()).changed();
        return totals.result(stretches, ids(ground), written).shownBy(sql);
    }

    private static Map<Long, String> ids(Ground ground) {
        var ids = new HashMap<Long, String>();
        ground.pieces().forEach(p -> ids.put((long) p.number(), p.id()));
        return ids;
    }

    /** Of the stretches together. */
    private static final class Totals {
        private final Map<Long, Long> other = new TreeMap<>();
        private long images;
        private long rows;
        private long changedSince;
        private long unmatched;

        void add(long chunk, long all, long changed, long withoutMatch, long differing) {
            rows += all;
            changedSince += changed;
            unmatched += withoutMatch;
            if (differing > 0) {
                other.merge(chunk, differing, Long::sum);
            }
        }

        CheckResult result(Stretches stretches, Map<Long, String> ids, long written) {
            long compared = rows - changedSince - unmatched;
            String beside =
                    (changedSince == 0 ? "" : "; " + Said.count(changedSince, "row") + " changed by others since")
                            + (unmatched == 0
                                    ? ""
                                    : "; " + Said.count(unmatched, "row")
                                            + " without a match in what is joined by now");
            // Where all is read, rows whose before-images are gone are missed, too.
            long gone = Math.max(images, stretches.whole() ? written : 0) - rows;
            beside += gone == 0 ? "" : "; " + Said.count(gone, "row") + " that were written are not there any more";
            String of = Said.count(compared, "row") + " computed anew (" + stretches.said() + " of what was written)";
            if (!other.isEmpty()) {
                long rowsOff =
                        other.values().stream().mapToLong(Long::longValue).sum();
                var periods = other.entrySet().stream()
                        .map(e -> ids.getOrDefault(e.getKey(), "chunk " + e.getKey()) + " ("
                                + Said.count(e.getValue(), "row") + ")")
                        .toList();
                return CheckResult.fails(of + ": " + Said.count(rowsOff, "row")
                        + " were written as something else than the"
                        + " expression yields now, in " + Said.list(periods)
                        + ". A trigger may have changed them, or what the expression reads has changed since" + beside);
            }
            if (compared == 0 && written > 0) {
                return CheckResult.couldNotTell("none of " + Said.count(written, "row")
                        + " that were written can be compared any more" + beside);
            }
            return CheckResult.holds(of + ", each as the expression yields it" + beside);
        }
    }
}
