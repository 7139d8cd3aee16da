package io.backhoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures as a page, with a chart beside it. */
final class HarmPage {
    private static final String REST = "at rest";

    private final Map<String, List<HarmSample>> samples;
    private final long orders;
    private final int pairs;
    private final int seconds;
    private final String machine;

    HarmPage(Map<String, List<HarmSample>> samples, long orders, int pairs, int seconds, String machine) {
        this.samples = samples;
        this.machine = machine;
        this.orders = orders;
        this.pairs = pairs;
        this.seconds = seconds;
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("harm.svg"), new HarmChart(samples).svg());
        Path page = Files.writeString(folder.resolve("harm.md"), text());
        System.err.println("written: " + page);
    }

    private String text() {
        var out = new StringBuilder(String.format(Locale.ROOT, """
                # What a backfill does to an application

                %,d orders, 200 transactions a second (a select and an update by key) by eight clients, %d pairs of %d s at
                rest and beside each, in turn, each pair on a fresh copy of the table. Made by `make bench-harm`. Latency in ms from when
                a transaction was due; the median of the pairs, of p99 also the lowest and highest, and of what it is of that at rest
                in the same pair.

                %s

                | beside | p50 | p95 | p99 | p99 from to | p99 of rest | rows/s |
                |---|---|---|---|---|---|---|
                """, orders, pairs, seconds, machine));
        samples.forEach((name, taken) -> out.append(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f to %.1f | %.2f | %s |%n",
                name,
                Median.of(taken, HarmSample::p50),
                Median.of(taken, HarmSample::p95),
                Median.of(taken, HarmSample::p99),
                taken.stream().mapToDouble(HarmSample::p99).min().orElse(0),
                taken.stream().mapToDouble(HarmSample::p99).max().orElse(0),
                Median.of(taken, HarmSample::ofRest),
                name.equals(REST)
                        ? ""
                        : String.format(Locale.ROOT, "%,.0f", Median.of(taken, HarmSample::rowsPerSecond)))));
        out.append("\n![What the application saw beside each](harm.svg)\n");
        return out.append(raw()).toString();
    }

    private String raw() {
        var out = new StringBuilder("""

                ## Each pair

                | beside | pair | p50 | p95 | p99 | p99 at rest just before | rows/s |
                |---|---|---|---|---|---|---|
                """);
        samples.forEach((name, taken) -> {
            for (int i = 0; i < taken.size() && !name.equals(REST); i++) {
                var sample = taken.get(i);
                out.append(String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f | %.1f | %.1f | %.1f | %,.0f |%n",
                        name,
                        i + 1,
                        sample.p50(),
                        sample.p95(),
                        sample.p99(),
                        sample.p99() / sample.ofRest(),
                        sample.rowsPerSecond()));
            }
        });
        return out.toString();
    }
}
