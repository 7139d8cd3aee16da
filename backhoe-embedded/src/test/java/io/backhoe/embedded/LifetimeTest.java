package io.backhoe.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
    private record Started(Process process, int port, Path data, String stopCommand) {
        boolean over() {
            return !listens() && !Files.exists(data.resolveSibling(""));
        }

        boolean listens() {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
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
            assertThat(started.listens()).isTrue();
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
        return new Started(process, Integer.parseInt(line[0]), Path.of(line[1]), line[2]);
    }

    private static void awaitOver(Started started) throws Exception {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!started.over() && System.nanoTime() < patience) {
            Thread.sleep(20);
        }
        assertThat(started.over()).as("%s is gone", started).isTrue();
    }
}
