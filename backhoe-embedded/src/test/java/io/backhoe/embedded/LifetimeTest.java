package io.backhoe.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether servers end when the process that started them does. Each test ends a process of its own. */
class LifetimeTest {
    private static final long PATIENCE_SECONDS = 15;

    /** A process, and the server that it said it started. */
    private record Started(Process process, ProcessHandle postmaster, Path data, String stopCommand) {
        boolean over() {
            return !postmaster.isAlive() && !Files.exists(data.resolveSibling(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT"})
    void noSignalToTheWholeProcessGroupLeavesAServer(String signal) throws Exception {
        Started started = start(Lifetime.PROCESS);

        Command.run(
                List.of("sh", "-c", "kill -" + signal + " -" + started.process().pid()));

        assertThat(Command.ended(started.process(), PATIENCE_SECONDS)).isTrue();
        awaitOver(started);
    }

    @Test
    void aKilledProcessLeavesNoServer() throws Exception {
        Started started = start(Lifetime.PROCESS);

        started.process().destroyForcibly();

        awaitOver(started);
    }

    @Test
    void aKeptServerOutlivesItsProcessUntilItIsStopped() throws Exception {
        Started started = start(Lifetime.KEEP);
        try {
            started.process().destroyForcibly();
            assertThat(Command.ended(started.process(), PATIENCE_SECONDS)).isTrue();
            assertThat(started.postmaster().isAlive()).isTrue();
            assertThat(Files.readString(started.data().resolve("postmaster.pid")))
                    .contains("ready");
        } finally {
            Command.Answer stop = Command.run(List.of("sh", "-c", started.stopCommand()));
            assertThat(stop).isEqualTo(new Command.Answer(0, ""));
        }
        awaitOver(started);
    }

    private static Started start(Lifetime lifetime) throws IOException {
        Process process = new ProcessBuilder(
                        "setsid",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerProgram.class.getName(),
                        lifetime.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] line = process.inputReader(StandardCharsets.UTF_8).readLine().split("\\|", -1);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(line[0])).orElseThrow();
        return new Started(process, postmaster, Path.of(line[1]), line[2]);
    }

    private static void awaitOver(Started started) throws Exception {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!started.over() && System.nanoTime() < patience) {
            Thread.sleep(20);
        }
        assertThat(started.over())
                .as("%s and %s are gone", started.postmaster(), started.data())
                .isTrue();
    }
}
