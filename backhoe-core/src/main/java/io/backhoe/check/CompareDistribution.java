package io.backhoe.check;

import io.backhoe.database.CheckSql;
import io.backhoe.database.Row;
import io.backhoe.ledger.CheckTable;
import io.backhoe.ledger.CheckTable.Baseline;
import io.backhoe.spec.Check;
import io.backhoe.value.ChunkRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the run wrote looks like what the application writes: the newest filled rows outside of the scope, or, when
 * that is wished, like what was there before. By {@link Psi} for categories, {@link KolmogorovSmirnov} for numbers, and the
 * share of nulls. A difference warns; it fails only where the spec says from where on.
 */
final class CompareDistribution implements Question {
    private static final double WARN_AT = 0.1;
    private static final double STRONG = 0.25;
    private static final int RECENT = 10_000;

    /** Outside of the scope few may be filled; so many rows of it are looked at for them. */
    private static final int LOOKED_AT = 20 * RECENT;

    /** Of fewer values on either side a distribution says nothing. */
    static final int LEAST = 100;

    /** So much of what was written is enough to see what it looks like. */
    private static final long PAGES = 400;

    private final boolean againstBaseline;
    private final double warnAt;
    private final @Nullable Double failAt;

    CompareDistribution(Check check) {
        this.againstBaseline = "baseline".equals(check.text("against"));
        String warn = check.text("warn_at");
        this.warnAt = warn == null ? WARN_AT : Double.parseDouble(warn);
        String fail = check.text("fail_at");
        this.failAt = fail == null ? null : Double.valueOf(fail);
    }

    /** @param mine the rows looked at of what was written; {@code other} the values to compare them with */
    private record Pair(long mine, long other, Supplier<Difference> difference) {}

    @Override
    public CheckResult ask(Ground ground) {
        var columns = List.copyOf(ground.plan().spec().requiredTransform().set().keySet());
        var pairs = againstBaseline ? withBaseline(ground, columns) : withRecent(ground, columns);
        if (pairs.isEmpty()) {
            return CheckResult.notApplicable("the run wrote nothing");
        }
        String beside = againstBaseline ? "what was there before" : "the newest filled rows outside of the scope";
        var said = new ArrayList<String>();
        double worst = -1;
        for (int i = 0; i < columns.size(); i++) {
            var pair = pairs.get(i);
            if (pair.other() < LEAST || pair.mine() < LEAST) {
                said.add(columns.get(i) + ": not applicable, " + Said.count(pair.mine(), "row") + " written and "
                        + Said.count(pair.other(), "such value") + " are too few (" + LEAST + " of each)");
                continue;
            }
            var difference = pair.difference().get();
            worst = Math.max(worst, difference.score());
            said.add(columns.get(i) + ": " + difference);
        }
        if (worst < 0) {
            return CheckResult.notApplicable("too little to compare with " + beside + ". " + String.join("; ", said));
        }
        return verdict(worst, "compared with " + beside + ". " + String.join("; ", said))
                .shownBy(sql(ground));
    }

    private static List<Pair> withRecent(Ground ground, List<String> columns) {
        var written = written(ground);
        if (written.isEmpty()) {
            return List.of();
        }
        var recent = recent(ground);
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < columns.size(); i++) {
            var mine = ColumnSample.of(written, i);
            var other = ColumnSample.of(recent, i);
            boolean numeric = ground.sql().numeric().contains(columns.get(i));
            pairs.add(new Pair(mine.rows(), other.values().size(), () -> Difference.of(other, mine, numeric)));
        }
        return pairs;
    }

    private static List<Pair> withBaseline(Ground ground, List<String> columns) {
        var kept = CheckTable.baseline(ground.session(), ground.required().id());
        var sides = columns.stream()
                .map(c -> new BeforeAndNow(ground.sql().numeric().contains(c)))
                .toList();
        for (Piece piece : ground.pieces()) {
            Baseline before = kept.get(piece.number());
            String metrics = before == null ? null : before.metrics();
            if (before == null || metrics == null) {
                continue;
            }
            var now = CaptureBaseline.sample(ground, piece, before.rows());
            for (int i = 0; i < columns.size(); i++) {
                sides.get(i).add(before.rows(), Metrics.read(metrics, columns.get(i)), ColumnSample.of(now, i));
            }
        }
        return sides.stream()
                .map(s -> new Pair(s.rowsNow(), s.valuesBefore(), s::difference))
                .toList();
    }

    private CheckResult verdict(double worst, String evidence) {
        if (failAt != null && worst >= failAt) {
            return CheckResult.fails(evidence + ". From " + failAt + " on it fails");
        }
        if (worst >= Math.max(warnAt, STRONG)) {
            return CheckResult.holds(evidence + ". That is another distribution; fail_at would let this fail")
                    .asWarning();
        }
        return worst >= warnAt
                ? CheckResult.holds(evidence + ". From " + warnAt + " on somebody should look")
                        .asWarning()
                : CheckResult.holds(evidence);
    }

    private static List<Row> written(Ground ground) {
        CheckSql.Images images = ground.sql().images();
        var rows = new ArrayList<Row>();
        if (images == null) {
            int each = Math.max(1, RECENT / Math.max(1, ground.pieces().size()));
            for (Piece piece : ground.pieces()) {
                long every = Math.max(1, piece.estimatedRows() / each);
                rows.addAll(ground.query(
                        ground.sql().sample(),
                        piece,
                        Map.of("every", Long.toString(every), "batch_rows", Integer.toString(each))));
            }
            return rows;
        }
        var all = Stretches.of(ground, images, 1);
        double share = Math.min(1, PAGES / (double) Math.max(1, all.pages()));
        for (var stretch : Stretches.of(all.pages(), share).taken()) {
            rows.addAll(ground.query(images.sample(), stretch.parameters()));
        }
        return rows;
    }

    /** After the scope, or before it where too few are filled there. */
    private static List<Row> recent(Ground ground) {
        String newer = ground.sql().newer();
        String older = ground.sql().older();
        var dates = ground.pieces().stream()
                .map(p -> p.extent().dates())
                .filter(Objects::nonNull)
                .toList();
        if (newer == null || older == null || dates.isEmpty()) {
            return List.of();
        }
        var rows = newest(ground, newer, bound(dates).end());
        if (rows.size() >= LEAST) {
            return rows;
        }
        var before = newest(ground, older, bound(dates).start());
        return before.size() > rows.size() ? before : rows;
    }

    private static List<Row> newest(Ground ground, String sql, String bound) {
        return ground.query(
                sql,
                Map.of(
                        "bound",
                        bound,
                        "batch_rows",
                        Integer.toString(RECENT),
                        "looked_at",
                        Integer.toString(LOOKED_AT)));
    }

    /** From the first chunk's start to the last one's end: a plan lists them in order. */
    private static ChunkRange bound(List<ChunkRange> dates) {
        return new ChunkRange(dates.get(0).start(), dates.get(dates.size() - 1).end());
    }

    private static @Nullable String sql(Ground ground) {
        CheckSql.Images images = ground.sql().images();
        return images == null ? null : ground.shown(images.sample(), Map.of("first_page", "0", "end_page", "16")) + ";";
    }
}
