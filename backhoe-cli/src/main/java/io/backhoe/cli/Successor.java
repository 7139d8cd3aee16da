package io.backhoe.cli;

import io.backhoe.Backhoe;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A process without a terminal that goes on with a run. */
final class Successor {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Backhoe backhoe;
    private final Time time;

    Successor(Backhoe backhoe, Time time) {
        this.backhoe = backhoe;
        this.time = time;
    }

    /**
     * Starts it, and waits until it executes the run or has ended.
     *
     * @param flags what a command needs to find the same database, quoted for the shell
     * @return what to tell
     * @throws BackhoeException STOPPED when it could not be started: the run stays paused
     */
    List<String> start(long runId, String flags) {
        Path log = log(runId);
        try {
            // The flags are words for a shell. setsid keeps the process alive when the terminal goes.
            var process = new ProcessBuilder(
                            "sh", "-c", "exec $(command -v setsid || command -v nohup) " + command(runId) + flags)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            await(process, runId, log);
            return List.of(
                    "Run " + runId + " goes on in the background, in process " + process.pid() + "; its log is " + log
                            + ".",
                    "  look         backhoe status " + runId + flags + " --watch",
                    "  stop         backhoe pause " + runId + flags);
        } catch (IOException e) {
            throw failed(runId, flags, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(runId, flags, "interrupted", e);
        }
    }

    private static Path log(long runId) {
        String name = "backhoe-run-" + runId + ".log";
        Path here = Path.of("").toAbsolutePath();
        return Files.isWritable(here) ? here.resolve(name) : Path.of(System.getProperty("java.io.tmpdir"), name);
    }

    private static String command(long runId) {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(List.of("resume", Long.toString(runId)));
        return words.stream().map(HintUrl::quoted).collect(Collectors.joining(" "));
    }

    private void await(Process process, long runId, Path log) throws InterruptedException {
        long since = time.nanos();
        while (time.nanos() - since < STARTS_WITHIN.toNanos()) {
            var run = backhoe.report(runId).run();
            if (run.executed() || (!process.isAlive() && process.exitValue() == 0)) {
                return;
            }
            if (!process.isAlive()) {
                throw failed(runId, "", "it ended with exit code " + process.exitValue() + "; see " + log, null);
            }
            time.sleep(LOOK_EVERY);
        }
    }

    private static BackhoeException failed(
            long runId, String flags, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new BackhoeException(
                ExitCode.STOPPED,
                "not_left_running",
                "No process could be started to go on with run " + runId + ": " + why
                        + ". The run is paused; what was committed stays.",
                "backhoe resume " + runId + flags,
                cause);
    }
}
