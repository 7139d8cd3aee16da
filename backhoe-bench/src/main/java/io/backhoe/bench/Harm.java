package io.backhoe.bench;

import io.backhoe.value.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a backfill of {@code orders.customer_tier} does to an application on the same table: the latency of 200 transactions a
 * second (a select and an update by key), at rest and beside each way to backfill, in pairs: whatever else the machine does
 * falls on both. Each on a fresh copy of the table.
 *
 * <p>{@code Harm URL ORDERS PAIRS SECONDS FOLDER}, pgbench on the path. The URL is libpq's, and of this machine. It drops the
 * schemas {@code bench} and {@code backhoe} there.
 */
public final class Harm {
    private static final int MOST_PAIRS = 20;
    private static final int LONGEST_SECONDS = 300;
    /** For what a copy of the table leaves the machine to do. */
    private static final int SETTLE_SECONDS = 10;

    private final String url;
    private final long orders;
    private final int seconds;
    private final Map<String, List<HarmSample>> samples = new LinkedHashMap<>();

    private Harm(String url, long orders, int seconds) {
        this.url = url;
        this.orders = orders;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        int pairs = Math.min(MOST_PAIRS, Integer.parseInt(args[2]));
        int seconds = Math.min(LONGEST_SECONDS, Integer.parseInt(args[3]));
        if (!args[0].matches("postgres(ql)?://([^@/]*@)?(127\\.0\\.0\\.1|localhost)[:/].*")) {
            throw new IllegalArgumentException("only a server of this machine, at 127.0.0.1 or localhost");
        }
        var bench = new Harm(args[0], Long.parseLong(args[1]), seconds);
        var folder = Files.createTempDirectory("backhoe-harm");
        String machine;
        try (var connection = BenchOrders.connect(args[0])) {
            machine = BenchMachine.of(connection);
            BenchOrders.build(connection, bench.orders);
            for (int pair = 1; pair <= pairs; pair++) {
                for (HarmSubject subject : bench.subjects()) {
                    bench.measure(connection, subject, folder);
                }
            }
        } finally {
            Files.deleteIfExists(folder.resolve("script.sql"));
            Files.delete(folder);
        }
        new HarmPage(bench.samples, bench.orders, pairs, seconds, machine).write(Path.of(args[4]));
    }

    private List<HarmSubject> subjects() {
        var subjects = new ArrayList<HarmSubject>();
        subjects.add(RawSql.byMonth(url));
        subjects.add(RawSql.byRows(url, orders));
        for (Policy policy : Policy.values()) {
            subjects.add(new PolicySubject(url, policy));
        }
        return subjects;
    }

    private void measure(Connection connection, HarmSubject subject, Path folder) throws Exception {
        BenchOrders.dropLedger(connection);
        BenchOrders.refresh(connection);
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        var load = new Pgbench(url, orders, seconds, folder);
        var rest = keep("at rest", HarmSample.atRest(load.run(Long.MAX_VALUE)));
        subject.start();
        long begun = System.nanoTime();
        long before = subject.rows();
        var during = load.begin();
        double lasted = subject.await(seconds - (System.nanoTime() - begun) / 1e9);
        long rows = subject.rows() - before;
        double elapsed = lasted > 0 ? lasted : (System.nanoTime() - begun) / 1e9;
        var latencies = load.end(during, (long) (elapsed * 1e6));
        subject.stop();
        keep(subject.name(), HarmSample.beside(rest, latencies, rows / elapsed));
    }

    private HarmSample keep(String name, HarmSample sample) {
        samples.computeIfAbsent(name, n -> new ArrayList<>()).add(sample);
        System.err.printf(
                Locale.ROOT,
                "%-28s p50 %8.1f  p95 %8.1f  p99 %8.1f ms  %,10.0f rows/s%n",
                name,
                sample.p50(),
                sample.p95(),
                sample.p99(),
                sample.rowsPerSecond());
        return sample;
    }
}
