package io.backhoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** 200 transactions a second by eight clients, each a select and an update of one order. */
final class Pgbench {
    private static final int RATE = 200;
    private static final int PATIENCE_SECONDS = 60;

    private final String url;
    private final int seconds;
    private final Path folder;
    private final Path script;

    Pgbench(String url, long orders, int seconds, Path folder) throws IOException {
        this.url = url;
        this.seconds = seconds;
        this.folder = folder;
        this.script = Files.writeString(folder.resolve("script.sql"), """
                \\set id random(1, %d)
                SELECT amount FROM bench.orders WHERE id = :id;
                UPDATE bench.orders SET note = 'seen' WHERE id = :id;
                """.formatted(orders));
    }

    Process begin() throws IOException {
        return new ProcessBuilder(
                        "pgbench",
                        "-n",
                        "-c",
                        "8",
                        "-j",
                        "2",
                        "-R",
                        Integer.toString(RATE),
                        "-T",
                        Integer.toString(seconds),
                        "-l",
                        "--log-prefix=" + folder.resolve("latency"),
                        "-f",
                        script.toString(),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    long[] run(long countedMicros) throws IOException, InterruptedException {
        return end(begin(), countedMicros);
    }

    /** @return what the transactions took, in microseconds, that ended within so many of the first */
    long[] end(Process process, long countedMicros) throws IOException, InterruptedException {
        if (!process.waitFor(seconds + (long) PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IOException("pgbench did not end");
        }
        String out = Files.readString(folder.resolve("out"));
        if (process.exitValue() != 0) {
            throw new IOException("pgbench failed:\n" + out);
        }
        try (var files = Files.list(folder)) {
            var lines = LongStream.builder();
            var logs = files.filter(f -> f.getFileName().toString().startsWith("latency"))
                    .toList();
            long first = Long.MAX_VALUE;
            for (Path log : logs) {
                for (String line : Files.readAllLines(log)) {
                    first = Math.min(first, ended(line));
                }
            }
            for (Path log : logs) {
                for (String line : Files.readAllLines(log)) {
                    if (ended(line) - first <= countedMicros) {
                        lines.add(Long.parseLong(line.split(" ")[2]));
                    }
                }
                Files.delete(log);
            }
            Files.delete(folder.resolve("out"));
            return lines.build().toArray();
        }
    }

    private static long ended(String line) {
        String[] fields = line.split(" ");
        return Long.parseLong(fields[4]) * 1_000_000 + Long.parseLong(fields[5]);
    }
}
