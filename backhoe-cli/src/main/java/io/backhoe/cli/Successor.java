package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
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

    private final Target target;
    private final Time time;

    Successor(Target target, Time time) {
        this.target = target;
        this.time = time;
    }

    /**
     * Starts it, and waits until it executes the run or has ended.
     *
     * @param options of the command that goes on
     * @return what to tell
     * @throws BackhoeException STOPPED when it could not be started: the run stays paused
     */
    List<String> start(long runId, List<String> options) {
        String flags = target.flags();
        Path log = log(runId);
        try {
            // The flags are words for a shell. setsid keeps the process alive when the terminal goes.
            var builder = new ProcessBuilder(
                    "sh", "-c", "exec $(command -v setsid || command -v nohup) " + command(runId, options) + flags);
            target.database().password().ifPresent(p -> builder.environment().put("PGPASSWORD", p));
            var process = builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            await(process, runId, flags, log);
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

    private static String command(long runId, List<String> options) {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(List.of("resume", Long.toString(runId)));
        words.addAll(options);
        return words.stream().map(HintUrl::quoted).collect(Collectors.joining(" "));
    }

    private void await(Process process, long runId, String flags, Path log) throws InterruptedException {
        long since = time.nanos();
        while (time.nanos() - since < STARTS_WITHIN.toNanos()) {
            boolean ended = !process.isAlive();
            if (ended && process.exitValue() != 0) {
                throw failed(runId, flags, "it ended with exit code " + process.exitValue() + "; see " + log, null);
            }
            if (ended || isExecuted(runId)) {
                return;
            }
            time.sleep(LOOK_EVERY);
        }
        throw failed(
                runId,
                flags,
                "process " + process.pid() + " had not begun after " + STARTS_WITHIN.toSeconds() + " s; see " + log,
                null);
    }

    private boolean isExecuted(long runId) {
        try {
            return target.backhoe().status(runId, 0).run().executed();
        } catch (DatabaseException e) {
            // Not known right now.
            return false;
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
