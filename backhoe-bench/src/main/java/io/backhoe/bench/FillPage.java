package io.backhoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of one case as a page, with a chart beside it. */
final class FillPage {
    private final FillCase fill;
    private final Map<String, List<FillSample>> samples;
    private final Map<String, FillSample> tried;
    private final long orders;
    private final int workers;
    private final String rivals;
    private final String machine;

    /**
     * @param samples by the names of the ways, the first of which the others are compared with
     * @param rivals as {@link Fill} was told
     */
    FillPage(
            FillCase fill,
            Map<String, List<FillSample>> samples,
            Map<String, FillSample> tried,
            long orders,
            int workers,
            String rivals,
            String machine) {
        this.fill = fill;
        this.samples = samples;
        this.tried = tried;
        this.orders = orders;
        this.workers = workers;
        this.rivals = rivals;
        this.machine = machine;
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        String name = String.format(Locale.ROOT, "fill-%s-%d-workers-%.1fm", fill.word(), workers, orders / 1e6);
        Files.writeString(folder.resolve(name + ".svg"), new FillChart(samples).svg());
        Path page = Files.writeString(folder.resolve(name + ".md"), text(name + ".svg"));
        System.err.println("written: " + page);
    }

    private String text(String chart) {
        int rounds = samples.values().iterator().next().size();
        var out = new StringBuilder(String.format(
                Locale.ROOT, """
                # Filling a column of %,d rows: %s

                Seconds to fill `customer_tier`, %d rounds in turn, each on a fresh copy of the table, %d workers where there are several.
                Made by `make bench BENCH_CASE=%s BENCH_WORKERS=%d BENCH_RIVALS=%s`. Backhoe's time is that of the whole `backhoe run` of a plan, with
                start and checks, under `policy: fast`; plans and SQL are made beforehand. By hand as in Backhoe's batches `synchronous_commit` is off; others
                have it as the server has it.

                %s

                | way | median s | from to | of by hand | rows/s | log MiB | peak MiB |
                |---|---|---|---|---|---|---|
                """, orders, fill.title(), rounds, workers, fill.word(), workers, rivals, machine));
        double base = Median.of(samples.values().iterator().next(), FillSample::seconds);
        samples.forEach((name, taken) -> {
            double seconds = Median.of(taken, FillSample::seconds);
            double peak =
                    taken.stream().mapToDouble(FillSample::peakMebibytes).max().orElse(0);
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f to %.1f | %.2f | %,.0f | %,.0f | %s |%n",
                    name,
                    seconds,
                    taken.stream().mapToDouble(FillSample::seconds).min().orElse(0),
                    taken.stream().mapToDouble(FillSample::seconds).max().orElse(0),
                    seconds / base,
                    orders / seconds,
                    Median.of(taken, FillSample::logMebibytes),
                    peak > 0 ? String.format(Locale.ROOT, "%.0f", peak) : ""));
        });
        out.append("\n![Seconds by each way](").append(chart).append(")\n\n## Each round\n\n");
        samples.forEach((name, taken) -> out.append("- ")
                .append(name)
                .append(": ")
                .append(seconds(taken))
                .append('\n'));
        out.append("\nBy hand is the fastest of what was tried once beforehand:\n\n");
        tried.forEach((name, sample) -> out.append("- ")
                .append(name)
                .append(": ")
                .append(seconds(List.of(sample)))
                .append('\n'));
        return out.toString();
    }

    private static String seconds(List<FillSample> taken) {
        return String.join(
                        ", ",
                        taken.stream()
                                .map(sample -> String.format(Locale.ROOT, "%.1f", sample.seconds()))
                                .toList())
                + " s";
    }
}
