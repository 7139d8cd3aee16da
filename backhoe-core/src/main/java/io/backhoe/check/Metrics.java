package io.backhoe.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is kept of the columns of a chunk: for each the rows looked at, the nulls and distinct values among them, and its
 * commonest values with their counts, or, of numbers, quantiles. As JSON in the ledger.
 */
final class Metrics {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int TOP = 20;
    private static final int QUANTILES = 20;

    private Metrics() {}

    static Map<String, Object> of(ColumnSample sample, boolean numeric) {
        var metrics = new LinkedHashMap<String, Object>();
        metrics.put("rows", sample.rows());
        metrics.put("nulls", sample.nulls());
        metrics.put("distinct", sample.distinct());
        if (numeric) {
            metrics.put("quantiles", quantiles(sample.numbers()));
        } else {
            var top = new LinkedHashMap<String, Long>();
            sample.counts().entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(TOP)
                    .forEach(e -> top.put(e.getKey(), e.getValue()));
            metrics.put("top", top);
        }
        return metrics;
    }

    static String write(Map<String, Map<String, Object>> byColumn) {
        return JSON.writeValueAsString(byColumn);
    }

    /** What is kept of one column of one chunk. */
    record Kept(long rows, long nulls, List<String> quantiles, Map<String, Long> top) {}

    static Kept read(String metrics, String column) {
        JsonNode kept = JSON.readTree(metrics).path(column);
        var quantiles = new ArrayList<String>();
        kept.path("quantiles").forEach(q -> quantiles.add(q.asString()));
        var top = new LinkedHashMap<String, Long>();
        kept.path("top")
                .properties()
                .forEach(e -> top.put(e.getKey(), e.getValue().asLong(0)));
        return new Kept(kept.path("rows").asLong(0), kept.path("nulls").asLong(0), quantiles, top);
    }

    static List<String> quantiles(double[] numbers) {
        if (numbers.length == 0) {
            return List.of();
        }
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        var quantiles = new ArrayList<String>();
        for (int i = 0; i <= QUANTILES; i++) {
            quantiles.add(Double.toString(sorted[(int) Math.round(i * (sorted.length - 1) / (double) QUANTILES)]));
        }
        return quantiles;
    }
}
