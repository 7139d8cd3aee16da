package io.backhoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fills {@code orders.customer_tier} of a shop by join, with two workers: as two psql sessions that update a month in one
 * statement each, as Backhoe without undo, and as Backhoe with it. Each on a fresh copy of the table, in turn, so that
 * whatever else the machine does falls on all of them.
 *
 * <p>{@code FillByJoin URL ORDERS ROUNDS}, from the root of a built checkout, psql on the path. The URL is libpq's.
 */
public final class FillByJoin {
    private final String url;
    private final long orders;
    private final Path folder;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private record Sample(double seconds, double peakMebibytes) {}

    private FillByJoin(String url, long orders, Path folder) {
        this.url = url;
        this.orders = orders;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory("backhoe-bench");
        var bench = new FillByJoin(args[0], Long.parseLong(args[1]), folder);
        try (var connection = BenchOrders.connect(args[0])) {
            BenchOrders.build(connection, bench.orders);
            for (int round = 1; round <= Integer.parseInt(args[2]); round++) {
                bench.measure(connection, "psql, two sessions, by month", bench.psql());
                bench.measure(connection, "backhoe without undo", bench.backhoe("none"));
                bench.measure(connection, "backhoe with undo", bench.backhoe("before_image"));
            }
        }
        bench.print();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private void measure(Connection connection, String name, List<ProcessBuilder> commands)
            throws SQLException, IOException, InterruptedException {
        BenchOrders.refresh(connection);
        long begun = System.nanoTime();
        var processes = new ArrayList<Process>();
        for (ProcessBuilder command : commands) {
            processes.add(command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start());
        }
        double peak = 0;
        for (Process process : processes) {
            while (!process.waitFor(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, peakMebibytes(process));
            }
            if (process.exitValue() != 0) {
                throw new IOException(name + " failed:\n" + Files.readString(folder.resolve("log")));
            }
        }
        double elapsed = (System.nanoTime() - begun) / 1e9;
        try (var statement = connection.createStatement();
                var missing = statement.executeQuery("SELECT count(*) FROM bench.orders WHERE customer_tier IS NULL")) {
            missing.next();
            if (missing.getLong(1) != 0) {
                throw new IllegalStateException(name + " left " + missing.getLong(1) + " rows unfilled");
            }
        }
        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(new Sample(elapsed, peak));
        System.err.printf(Locale.ROOT, "%-32s %7.1f s   peak %4.0f MiB%n", name, elapsed, peak);
    }

    private List<ProcessBuilder> psql() throws IOException {
        var commands = new ArrayList<ProcessBuilder>();
        for (int session = 0; session < 2; session++) {
            var sql = new StringBuilder();
            for (int month = 1 + session; month <= 12; month += 2) {
                String end = month == 12 ? "2024-01-01" : String.format(Locale.ROOT, "2023-%02d-01", month + 1);
                sql.append(String.format(Locale.ROOT, """
                        UPDATE bench.orders SET customer_tier = %s FROM bench.customers c
                        WHERE c.id = orders.customer_id AND order_date >= '2023-%02d-01Z' AND order_date < '%sZ'
                          AND customer_tier IS NULL;
                        """, BenchOrders.TIER, month, end));
            }
            Path file = Files.writeString(folder.resolve("session" + session + ".sql"), sql);
            commands.add(new ProcessBuilder("psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", file.toString()));
        }
        return commands;
    }

    private List<ProcessBuilder> backhoe(String rollback) throws IOException {
        String spec = BenchOrders.spec(rollback, "fast", "rollback: { strategy: " + rollback + " }");
        Path file = Files.writeString(folder.resolve(rollback + ".yaml"), spec);
        var command = new ProcessBuilder("./backhoe", "run", file.toString(), "--yes");
        command.environment().put("BACKHOE_URL", url);
        return List.of(command);
    }

    /** What the process has had in memory at most, as Linux tells it; 0 elsewhere, or when it has just ended. */
    private static double peakMebibytes(Process process) {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(l -> l.startsWith("VmHWM:"))
                    .mapToDouble(l -> Double.parseDouble(l.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private void print() {
        double base = median(samples.values().iterator().next());
        System.out.println("| what | median s | min to max s | ratio | peak MiB |");
        System.out.println("|---|---|---|---|---|");
        samples.forEach((name, taken) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f to %.1f | %.2f | %.0f |%n",
                name,
                median(taken),
                taken.stream().mapToDouble(Sample::seconds).min().orElse(0),
                taken.stream().mapToDouble(Sample::seconds).max().orElse(0),
                median(taken) / base,
                taken.stream().mapToDouble(Sample::peakMebibytes).max().orElse(0)));
    }

    private static double median(List<Sample> taken) {
        return taken.stream()
                .map(Sample::seconds)
                .sorted()
                .skip(taken.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
