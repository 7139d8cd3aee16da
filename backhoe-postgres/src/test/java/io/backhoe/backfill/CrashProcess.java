package io.backhoe.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link CrashProgram} in a process of its own. Killed when closed. */
final class CrashProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread listener;

    private CrashProcess(Process process) {
        this.process = process;
        this.listener = new Thread(this::listen, "listens to " + process.pid());
        listener.setDaemon(true);
        listener.start();
    }

    /** Starts one that waits for its order. */
    static CrashProcess start(TestDatabase db) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new CrashProcess(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        CrashProgram.class.getName(),
                        db.url())
                .redirectErrorStream(true)
                .start());
    }

    static CrashProcess ordered(TestDatabase db, String order) throws Exception {
        var process = start(db);
        try {
            return process.order(order);
        } catch (Exception | AssertionError e) {
            process.close();
            throw e;
        }
    }

    CrashProcess order(String order) throws IOException, InterruptedException {
        assertThat(ready.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("ready: %s", said)
                .isTrue();
        process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return this;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}, and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exit();
    }

    /** @param name {@code STOP} or {@code CONT} */
    void signal(String name) throws IOException, InterruptedException {
        int sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(sent).isZero();
    }

    /** Waits for the end; the exit code. */
    int exit() throws InterruptedException {
        return exitWithin(PATIENCE);
    }

    int exitWithin(Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s: %s", patience, said)
                .isTrue();
        listener.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    List<String> said() {
        return said;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (line.equals("ready")) {
                    ready.countDown();
                }
            }
        } catch (IOException e) {
            // A process that is killed may break its pipe in the middle of a line.
            said.add("(" + e.getMessage() + ")");
        } finally {
            ready.countDown();
        }
    }
}
