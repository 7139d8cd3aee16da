package io.backhoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures as a page, with a chart beside it. */
final class HarmPage {
    private static final String REST = "at rest";

    private final Map<String, List<HarmSample>> samples;
    private final long orders;
    private final int pairs;
    private final int seconds;

    HarmPage(Map<String, List<HarmSample>> samples, long orders, int pairs, int seconds) {
        this.samples = samples;
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
        var out = new StringBuilder(String.format(
                Locale.ROOT,
                """
                # What a backfill does to an application

                %s. %,d orders, 200 transactions a second (a select and an update by key) by eight clients, %d pairs of %d s at
                rest and beside each; %d processors. Made by `make bench-harm`. Latency in ms from when a transaction was due; the
                median of the pairs, of p99 also the lowest and highest, and of what it is of that at rest in the same pair.

                | beside | p50 | p95 | p99 | p99 from to | p99 of rest | rows/s |
                |---|---|---|---|---|---|---|
                """,
                LocalDate.now(),
                orders,
                pairs,
                seconds,
                Runtime.getRuntime().availableProcessors()));
        samples.forEach((name, taken) -> out.append(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f to %.1f | %.2f | %s |%n",
                name,
                median(taken, HarmSample::p50),
                median(taken, HarmSample::p95),
                median(taken, HarmSample::p99),
                taken.stream().mapToDouble(HarmSample::p99).min().orElse(0),
                taken.stream().mapToDouble(HarmSample::p99).max().orElse(0),
                median(taken, HarmSample::ofRest),
                name.equals(REST)
                        ? ""
                        : String.format(Locale.ROOT, "%,.0f", median(taken, HarmSample::rowsPerSecond)))));
        return out.append("\n![What the application saw beside each](harm.svg)\n")
                .toString();
    }

    static double median(List<HarmSample> taken, ToDoubleFunction<HarmSample> of) {
        var sorted = taken.stream().mapToDouble(of).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
