package io.backhoe.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A small process that ends the server and removes its folder when this process ends without doing so. */
final class Watchdog {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final OutputStream orders;
    private boolean released;

    private Watchdog(Process process) {
        this.process = process;
        this.orders = process.getOutputStream();
    }

    /** Makes the folder, and watches over it from then on. */
    static Watchdog over(Path home) {
        try {
            Process process = Command.builder(
                            Command.detached(List.of("sh", "-c", script(), "backhoe-watchdog", home.toString())))
                    .redirectErrorStream(true)
                    .start();
            BufferedReader answer = process.inputReader(StandardCharsets.UTF_8);
            String line = answer.readLine();
            if (!"watching".equals(line)) {
                throw new ServerException("Could not make the folder " + home + ": " + line);
            }
            return new Watchdog(process);
        } catch (IOException e) {
            throw new ServerException("Could not watch over " + home, e);
        }
    }

    /** This process is ended when we are gone. */
    void watch(long pid) {
        order("watch " + pid);
    }

    /** The process watched has ended; its number may soon be somebody else's. */
    void forget() {
        order("forget");
    }

    /** From now on the server outlives us. */
    void keep() {
        order("keep");
        released = true;
    }

    /** Removes the folder, and ends the process watched if there is one. */
    void close() {
        if (!released) {
            released = true;
            try {
                orders.close();
            } catch (IOException e) {
                throw new ServerException("Lost the watchdog of the embedded server", e);
            }
            if (!Command.ended(process, PATIENCE_SECONDS)) {
                throw new ServerException("The embedded server's folder could not be removed");
            }
        }
    }

    private void order(String order) {
        if (!released) {
            try {
                orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
                orders.flush();
            } catch (IOException e) {
                throw new ServerException("Lost the watchdog of the embedded server", e);
            }
        }
    }

    private static String script() throws IOException {
        try (InputStream in = Objects.requireNonNull(Watchdog.class.getResourceAsStream("watchdog.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
