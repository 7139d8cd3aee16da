package io.backhoe.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A column of all chunks as it was before the run and as it is now, from the same rows, cut down in the same way: of
 * numbers quantiles, else the values that were common then and the rest as one. A chunk weighs as much as it had rows.
 */
final class BeforeAndNow {
    private static final String COMMON = "common ";
    private static final String REST = "rest";

    private final boolean numeric;
    private final Side before = new Side();
    private final Side now = new Side();

    BeforeAndNow(boolean numeric) {
        this.numeric = numeric;
    }

    void add(long rows, Metrics.Kept kept, ColumnSample sample) {
        before.add(rows, kept.rows(), kept.nulls(), numeric ? counted(kept.quantiles()) : categories(kept));
        var counts = numeric ? counted(Metrics.quantiles(sample.numbers())) : categories(sample, kept.top());
        now.add(rows, sample.rows(), sample.nulls(), counts);
    }

    private static Map<String, Long> counted(List<String> values) {
        return values.stream().collect(Collectors.groupingBy(v -> v, Collectors.counting()));
    }

    private static Map<String, Long> categories(Metrics.Kept kept) {
        var counts = new HashMap<String, Long>();
        kept.top().forEach((value, count) -> counts.put(COMMON + value, count));
        long common = kept.top().values().stream().mapToLong(Long::longValue).sum();
        counts.put(REST, kept.rows() - kept.nulls() - common);
        return counts;
    }

    private static Map<String, Long> categories(ColumnSample sample, Map<String, Long> common) {
        var counts = new HashMap<String, Long>();
        sample.values().forEach(v -> counts.merge(common.containsKey(v) ? COMMON + v : REST, 1L, Long::sum));
        return counts;
    }

    long valuesBefore() {
        return before.values;
    }

    long rowsNow() {
        return now.sampled;
    }

    /** Both sides have a row, and before there was a value. */
    Difference difference() {
        String looked = Said.count(now.sampled, "row") + " beside " + Said.count(before.sampled, "row")
                + ", spread over each chunk";
        double statistic = now.values == 0 ? 0 : statistic();
        return new Difference(numeric ? "KS" : "PSI", statistic, now.nullRate(), before.nullRate(), looked);
    }

    private double statistic() {
        return numeric
                ? KolmogorovSmirnov.of(numbers(before.weights), numbers(now.weights))
                : Psi.of(before.weights, now.weights);
    }

    private static TreeMap<Double, Double> numbers(Map<String, Double> weights) {
        var numbers = new TreeMap<Double, Double>();
        weights.forEach((number, weight) -> numbers.merge(Double.valueOf(number), weight, Double::sum));
        return numbers;
    }

    private static final class Side {
        private final Map<String, Double> weights = new HashMap<>();
        private double rows;
        private double nulls;
        private long sampled;
        private long values;

        void add(long ofChunk, long looked, long without, Map<String, Long> counts) {
            if (looked == 0) {
                return;
            }
            rows += ofChunk;
            nulls += ofChunk * (without / (double) looked);
            sampled += looked;
            values += looked - without;
            double filled = ofChunk * ((looked - without) / (double) looked);
            double all = counts.values().stream().mapToLong(Long::longValue).sum();
            counts.forEach((value, count) -> {
                if (count > 0) {
                    weights.merge(value, filled * count / all, Double::sum);
                }
            });
        }

        double nullRate() {
            return rows == 0 ? 0 : nulls / rows;
        }
    }
}
