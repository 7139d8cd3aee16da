package io.backhoe.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How long it takes to fill {@code orders.customer_tier} of a shop, by hand, as people do it, by Spring Batch, and by Backhoe with undo
 * and without. Each on a fresh copy of the table, in turn, so that whatever else the machine does falls on all of them; after each
 * it is looked whether every row is filled. What is by hand is the fastest of some, which are tried once beforehand.
 *
 * <p>{@code Fill URL ORDERS ROUNDS WORKERS FOLDER CASE RIVALS}, from the root of a built checkout, psql on the path. The URL is libpq's;
 * the rivals are {@code all}, or {@code psql} for what is fastest by hand alone, in a third of the time. It drops the schemas {@code
 * bench} and {@code backhoe} there.
 */
public final class Fill {
    private static final long[] IDS_AT_A_TIME = {10_000, 50_000, 250_000};

    private final FillCase fill;
    private final String url;
    private final long orders;
    private final int workers;
    private final Path folder;
    private final Map<String, FillSample> tried = new LinkedHashMap<>();
    private final Map<String, List<FillSample>> samples = new LinkedHashMap<>();

    private Fill(FillCase fill, String url, long orders, int workers, Path folder) {
        this.fill = fill;
        this.url = url;
        this.orders = orders;
        this.workers = workers;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        String rivals = args[6];
        boolean all = switch (rivals) {
            case "all" -> true;
            case "psql" -> false;
            default -> throw new IllegalArgumentException("no such rivals: '" + rivals + "'; there are all, psql");
        };
        var fill = Arrays.stream(FillCase.values())
                .filter(f -> f.word().equals(args[5]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such case: '" + args[5] + "'; there are "
                        + Arrays.stream(FillCase.values()).map(FillCase::word).collect(Collectors.joining(", "))));
        var folder = Files.createTempDirectory("backhoe-bench");
        var bench = new Fill(fill, args[0], Long.parseLong(args[1]), Integer.parseInt(args[3]), folder);
        int rounds = Integer.parseInt(args[2]);
        String machine;
        try (var connection = BenchOrders.connect(args[0])) {
            machine = BenchMachine.of(connection);
            bench.build(connection);
            var ways = bench.ways(connection, all);
            for (int round = 1; round <= rounds; round++) {
                for (FillWay way : ways) {
                    bench.samples
                            .computeIfAbsent(way.name(), n -> new ArrayList<>())
                            .add(bench.measure(connection, way));
                }
            }
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        new FillPage(fill, bench.samples, bench.tried, bench.orders, bench.workers, rivals, machine)
                .write(Path.of(args[4]));
    }

    private void build(Connection connection) throws SQLException {
        BenchOrders.build(connection, orders);
        try (var statement = connection.createStatement()) {
            for (String sql : fill.original()) {
                statement.execute(sql);
            }
            statement.execute("VACUUM FULL bench.original");
        }
    }

    private List<FillWay> ways(Connection connection, boolean all) throws Exception {
        var ways = new ArrayList<FillWay>(List.of(byHand(connection)));
        if (all) {
            ways.add(PsqlWay.once(fill, url, folder));
            ways.add(new LoopWay(fill, url, orders));
            ways.add(new SpringBatchWay(fill, url, workers, orders));
        }
        ways.add(new BackhoeWay(fill, url, folder, workers, false));
        ways.add(new BackhoeWay(fill, url, folder, workers, true));
        return ways;
    }

    /** The fastest of what somebody would try. */
    private FillWay byHand(Connection connection) throws Exception {
        var candidates = new ArrayList<FillWay>();
        if (fill.hasDateIndex()) {
            candidates.add(PsqlWay.byMonth(fill, url, folder, workers));
        }
        for (long rows : IDS_AT_A_TIME) {
            candidates.add(PsqlWay.byIds(fill, url, folder, workers, orders, rows));
        }
        for (FillWay candidate : candidates) {
            tried.put(candidate.name(), measure(connection, candidate));
        }
        return candidates.stream()
                .min(Comparator.comparingDouble(
                        way -> Objects.requireNonNull(tried.get(way.name())).seconds()))
                .orElseThrow();
    }

    private FillSample measure(Connection connection, FillWay way) throws Exception {
        BenchOrders.refresh(connection, fill.indexes());
        way.prepare();
        String from = BenchOrders.logPlace(connection);
        long begun = System.nanoTime();
        double peak = way.fill();
        double seconds = (System.nanoTime() - begun) / 1e9;
        double log = BenchOrders.logMebibytes(connection, from);
        BenchOrders.refuseUnfilled(connection, way.name());
        System.err.printf(
                Locale.ROOT, "%-28s %7.1f s   %5.0f MiB of log   peak %4.0f MiB%n", way.name(), seconds, log, peak);
        return new FillSample(seconds, log, peak);
    }
}
