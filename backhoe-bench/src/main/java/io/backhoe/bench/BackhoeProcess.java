package io.backhoe.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line of the checkout that is the current folder, as people start it. */
record BackhoeProcess(String url, Path folder) {
    /** @param peakMebibytes what it has had in memory at most, as Linux tells it; 0 elsewhere */
    record Executed(double seconds, double peakMebibytes) {}

    /** @throws IOException when it ends with another exit code than 0; with what it printed */
    Executed execute(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("./backhoe"));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command);
        builder.environment().put("BACKHOE_URL", url);
        Path log = folder.resolve("log");
        long begun = System.nanoTime();
        var process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        double peak = 0;
        while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakMebibytes(process));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed:\n" + Files.readString(log));
        }
        return new Executed(seconds, peak);
    }

    private static double peakMebibytes(Process process) {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(l -> l.startsWith("VmHWM:"))
                    .mapToDouble(l -> Double.parseDouble(l.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
