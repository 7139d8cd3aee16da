package io.backhoe.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a backup outside of the database costs a run beside before-images in the database alone, in turn, each on a fresh copy of
 * the table; and what it takes to take the run back from it alone, with the ledger dropped. Each restore is compared with the
 * original, row by row and byte by byte.
 *
 * <p>{@code BackupCost URL ORDERS ROUNDS LOCATION...}, from the root of a built checkout. The URL is libpq's; a location is
 * {@code file:///FOLDER/} or {@code s3://BUCKET/PREFIX/}, and what the runs leave in S3 stays there.
 */
public final class BackupCost {
    private final BackhoeProcess backhoe;
    private final Path folder;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private record Sample(
            double seconds, double walMebibytes, double peakMebibytes, double restore, double restorePeak) {}

    private BackupCost(String url, Path folder) {
        this.backhoe = new BackhoeProcess(url, folder);
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory("backhoe-bench");
        var bench = new BackupCost(args[0], folder);
        try (var connection = BenchOrders.connect(args[0])) {
            BenchOrders.build(connection, Long.parseLong(args[1]));
            for (int round = 1; round <= Integer.parseInt(args[2]); round++) {
                bench.measure(connection, "in the database alone", "before_image");
                for (int i = 3; i < args.length; i++) {
                    String place = args[i].replaceFirst(":.*", "");
                    String backup = "restore_from_backup, backup_location: \"" + args[i] + "\"";
                    bench.measure(connection, "there and at " + place, backup);
                    bench.measure(connection, "at " + place + " alone", backup + ", keep_in_database: false");
                }
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

    private void measure(Connection connection, String name, String rollback) throws Exception {
        BenchOrders.refresh(connection);
        BenchOrders.dropLedger(connection);
        String spec = BenchOrders.spec("backup", "fast", "rollback: { strategy: " + rollback + " }");
        Path file = Files.writeString(folder.resolve("spec.yaml"), spec);
        String from = BenchOrders.logPlace(connection);
        var run = backhoe.execute("run", file.toString(), "--yes");
        double wal = BenchOrders.logMebibytes(connection, from);
        BenchOrders.refuseUnfilled(connection, name);
        var back = rollback.startsWith("restore") ? restore(connection, name) : new BackhoeProcess.Executed(0, 0);
        samples.computeIfAbsent(name, n -> new ArrayList<>())
                .add(new Sample(run.seconds(), wal, run.peakMebibytes(), back.seconds(), back.peakMebibytes()));
        System.err.printf(
                Locale.ROOT,
                "%-28s %7.1f s   %5.0f MiB of log   peak %4.0f MiB   restored in %6.1f s   peak %4.0f MiB%n",
                name,
                run.seconds(),
                wal,
                run.peakMebibytes(),
                back.seconds(),
                back.peakMebibytes());
    }

    private BackhoeProcess.Executed restore(Connection connection, String name) throws Exception {
        String backup = BenchOrders.one(connection, "SELECT backup FROM backhoe.run");
        try (var statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA backhoe CASCADE");
        }
        var restored = backhoe.execute("rollback", "--from-backup", backup, "--yes");
        String digest = "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 7)) FROM bench.";
        String wished = BenchOrders.one(connection, digest + "original t");
        String found = BenchOrders.one(connection, digest + "orders t");
        if (!found.equals(wished)) {
            throw new IllegalStateException(name + " was not restored byte for byte");
        }
        if (backup.startsWith("file:")) {
            Path place = Path.of(backup.substring("file://".length()));
            try (var files = Files.list(place)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(place);
        }
        return restored;
    }

    private void print() {
        double base = Median.of(samples.values().iterator().next(), Sample::seconds);
        System.out.println(
                "| before-images | median s | min to max s | ratio | log MiB | peak MiB | restored in s | peak MiB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        samples.forEach((name, taken) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f to %.1f | %.2f | %.0f | %.0f | %.1f | %.0f |%n",
                name,
                Median.of(taken, Sample::seconds),
                taken.stream().mapToDouble(Sample::seconds).min().orElse(0),
                taken.stream().mapToDouble(Sample::seconds).max().orElse(0),
                Median.of(taken, Sample::seconds) / base,
                Median.of(taken, Sample::walMebibytes),
                taken.stream().mapToDouble(Sample::peakMebibytes).max().orElse(0),
                Median.of(taken, Sample::restore),
                taken.stream().mapToDouble(Sample::restorePeak).max().orElse(0)));
    }
}
