package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process with a terminal of its own, made by script(1), and keys typed into it. Its run takes a millisecond a row. */
@Timeout(180)
class LiveViewTest {
    private static final String LEAVES_THE_SCREEN = "\u001b[?1049l";
    private static final Pattern SUCCESSOR = Pattern.compile("in the background, in process ([0-9]+)");

    @TempDir
    private Path folder = Path.of("");

    private final Shop shop = new Shop(24_000);
    private String spec = "";

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Specs.write(folder, "slow.yaml", SignalsTest.SLOW);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void keysTuneAndPauseAndTheTerminalIsGivenBack() throws Exception {
        try (var terminal = new Pty("run", spec, "--yes")) {
            terminal.await("limited by");
            // Up, F1 and F5: of the second the last character alone would pause the run.
            terminal.type("\u001b[A\u001bOP\u001b[15~++");
            terminal.await("Run 1 is tuned: 3 workers.");
            assertThat(shop.number("SELECT workers FROM backhoe.run WHERE run_id = 1"))
                    .isEqualTo(3);
            terminal.type("q");
            terminal.await("leaves it running in the background");
            terminal.type("\u001b");
            terminal.await("one worker more");
            terminal.type("q");
            terminal.await("leaves it running in the background");
            terminal.type("p");
            terminal.await(LEAVES_THE_SCREEN);
            terminal.await("PAUSED");
            assertThat(terminal.exit()).isEqualTo(9);
        }
        var status = shop.shell().run("status", "--why");
        assertThat(status.out()).contains("PAUSED", "tuned        3 workers", "limited by   nothing: no process");
        assertThat(shop.shell().run("cancel", "1").exit()).isZero();
    }

    @Test
    void controlCStopsResumable() throws Exception {
        try (var terminal = new Pty("run", spec, "--yes")) {
            terminal.await("limited by");
            terminal.type("\u0003");
            terminal.await(LEAVES_THE_SCREEN);
            assertThat(terminal.exit()).isEqualTo(9);
        }
        assertThat(shop.shell().run("cancel", "1").exit()).isZero();
    }

    @Test
    void aRunCanBeLeftToAProcessOfItsOwnAndWatchedThere() throws Exception {
        long successor;
        String jar = Jars.of(folder, "tiers.jar", Path.of("..", "examples", "plugin", "Tiers.java"))
                .toString();
        try (var terminal = new Pty("run", spec, "--yes", "--parallelism", "1", "--max-chunks", "5", "--plugin", jar)) {
            terminal.await("limited by");
            terminal.type("q");
            terminal.await("leaves it running in the background");
            terminal.type("l");
            terminal.await(SUCCESSOR.pattern().substring(0, 18));
            assertThat(terminal.exit()).isZero();
            var said = SUCCESSOR.matcher(terminal.seen());
            assertThat(said.find()).isTrue();
            successor = Long.parseLong(said.group(1));
        }
        assertThat(commandLine(successor))
                .containsSequence("resume", "1", "--parallelism", "1", "--max-chunks")
                .containsSequence("--plugin", jar);
        try (var terminal = new Pty("status", "--watch", "--chunks", "--why")) {
            terminal.await("limited by");
            terminal.await("lost         ");
            terminal.await("examined");
            terminal.await("  pending");
            terminal.type("q");
            terminal.await("executor     alive");
            terminal.await("lost         ");
            assertThat(terminal.exit()).isZero();
        }
        assertThat(shop.shell().run("pause", "1").exit()).isZero();
        ProcessHandle.of(successor).ifPresent(p -> p.onExit().join());
        assertThat(folder.resolve("backhoe-run-1.log")).content().contains("PAUSED");
        assertThat(shop.shell().run("cancel", "1").exit()).isZero();
    }

    @Test
    void whoGoesOnInTheBackgroundShowsMetricsAndTellsThoseWhoWereTold() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        receiver.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        String at = "127.0.0.1:" + freePort();
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        Files.writeString(Path.of(spec), SignalsTest.SLOW + "  monitoring: { progress_webhook: \"${env:HOOK}\" }\n");
        var env = Map.of("HOOK", url + "/hook", "OPENLINEAGE_URL", url);
        try (var terminal = new Pty(env, "run", spec, "--yes", "--metrics-port", at)) {
            terminal.await("limited by");
            assertThat(metrics(at)).contains("backhoe_run_state");
            terminal.type("q");
            terminal.await("leaves it running in the background");
            told.clear();
            terminal.type("l");
            terminal.await(SUCCESSOR.pattern().substring(0, 18));
            assertThat(terminal.exit()).isZero();
            var said = SUCCESSOR.matcher(terminal.seen());
            assertThat(said.find()).isTrue();
            assertThat(commandLine(Long.parseLong(said.group(1)))).containsSequence("--metrics-port", at);
            awaitMetrics(at, "backhoe_run_state{name=\"slow\",run=\"1\"");
            assertThat(shop.shell().run("pause", "1").exit()).isZero();
            ProcessHandle.of(Long.parseLong(said.group(1)))
                    .ifPresent(p -> p.onExit().join());
        } finally {
            receiver.stop(0);
        }
        assertThat(told)
                .filteredOn(body -> body.contains("\"event\":\"stopped\""))
                .as("of the one that was paused, not of the one that handed over")
                .singleElement()
                .asString()
                .contains("paused by");
        assertThat(told).anyMatch(body -> body.contains("goes on in another process"));
        assertThat(told)
                .anyMatch(body -> body.contains("\"eventType\":\"RUNNING\""))
                .noneMatch(body -> body.contains("\"eventType\":\"START\""));
        assertThat(shop.shell().run("cancel", "1").exit()).isZero();
    }

    private static String freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return Integer.toString(free.getLocalPort());
        }
    }

    /** There are none in the moment between its lock and its first word. */
    private void awaitMetrics(String at, String text) throws IOException {
        while (!metrics(at).contains(text)) {
            shop.number("SELECT count(*) FROM pg_sleep(0.05)");
        }
    }

    private static String metrics(String at) throws IOException {
        try (var in = URI.create("http://" + at + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Neither by the library of its own, which is copied to a folder that is not there, nor by stty. */
    @Test
    void aTerminalThatCannotBeSetIsToldSoAndLineByLine() throws Exception {
        var env = Map.of("PATH", "/nowhere", "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=/nowhere");
        try (var terminal = new Pty(env, "run", spec, "--yes", "--max-chunks", "1")) {
            terminal.await("this terminal cannot be drawn on, it goes on line by line");
            terminal.await("another terminal can ask for its status");
            assertThat(terminal.exit()).isEqualTo(9);
        }
        assertThat(shop.shell().run("cancel").exit()).isZero();
    }

    @Test
    void sttyIsNotNeeded() throws Exception {
        try (var terminal = new Pty(Map.of("PATH", "/nowhere"), "run", spec, "--yes")) {
            terminal.await("limited by");
            terminal.type("p");
            terminal.await(LEAVES_THE_SCREEN);
            assertThat(terminal.exit()).isEqualTo(9);
        }
        assertThat(shop.shell().run("cancel").exit()).isZero();
    }

    @Test
    void withoutATerminalThatCanBeDrawnOnItIsToldLineByLine() throws Exception {
        for (var env : new String[][] {{"TERM", "dumb"}, {"CI", "true"}}) {
            try (var terminal = new Pty(Map.of(env[0], env[1]), "run", spec, "--yes", "--max-chunks", "1")) {
                assertThat(terminal.exit()).isEqualTo(9);
                assertThat(terminal.seen())
                        .contains("another terminal can ask for its status")
                        .doesNotContain("limited by", "\u001b[?1049h");
            }
            assertThat(shop.shell().run("cancel").exit()).isZero();
            assertThat(shop.shell().run("rollback", "--yes").exit()).isZero();
        }
    }

    /** Not by ProcessHandle: it has no arguments where they are longer than a page of memory, as a class path is soon. */
    private static List<String> commandLine(long process) throws IOException {
        return List.of(Files.readString(Path.of("/proc", Long.toString(process), "cmdline"))
                .split("\0"));
    }

    /** Reads on a thread of its own all that the process writes. */
    private final class Pty implements AutoCloseable {
        private final Process process;
        private final StringBuffer seen = new StringBuffer();
        private int from;
        private boolean over;

        Pty(String... arguments) throws IOException {
            this(Map.of(), arguments);
        }

        Pty(Map<String, String> env, String... arguments) throws IOException {
            // Debian's script(1) and sh(1) are found before the variables of the test are set.
            var words = new StringBuilder("stty rows 24 cols 80; ")
                    .append(env.containsKey("PATH") ? "PATH=" + env.get("PATH") + " exec " : "exec ")
                    .append(HintUrl.quoted(Path.of(System.getProperty("java.home"), "bin", "java")
                            .toString()))
                    .append(" -cp ")
                    .append(HintUrl.quoted(System.getProperty("java.class.path")))
                    .append(" io.backhoe.cli.Main");
            for (String argument : arguments) {
                words.append(' ').append(HintUrl.quoted(argument));
            }
            var builder = new ProcessBuilder("script", "-qefc", words.toString(), "/dev/null");
            builder.directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().remove("CI");
            builder.environment().putAll(Map.of("BACKHOE_URL", shop.url(), "TERM", "xterm", "LANG", "C.UTF-8"));
            builder.environment().putAll(env);
            builder.environment().put("PATH", System.getenv("PATH"));
            process = builder.start();
            var reading = new Thread(this::read, "pty");
            reading.setDaemon(true);
            reading.start();
        }

        private void read() {
            try (InputStream in = process.getInputStream()) {
                var buffer = new byte[8192];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    synchronized (seen) {
                        seen.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                        seen.notifyAll();
                    }
                }
            } catch (IOException e) {
                seen.append("reading failed: ").append(e);
            }
            synchronized (seen) {
                over = true;
                seen.notifyAll();
            }
        }

        String seen() {
            return seen.toString();
        }

        /** Waits for a text after the one that was awaited before. */
        void await(String text) throws InterruptedException {
            synchronized (seen) {
                while (seen.indexOf(text, from) < 0) {
                    assertThat(over)
                            .as("ended before it showed %s: %s", text, seen)
                            .isFalse();
                    seen.wait(1000);
                }
                from = seen.indexOf(text, from);
            }
        }

        void type(String keys) throws IOException {
            OutputStream to = process.getOutputStream();
            to.write(keys.getBytes(StandardCharsets.UTF_8));
            to.flush();
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s", seen).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
