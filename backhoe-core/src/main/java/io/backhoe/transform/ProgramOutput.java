package io.backhoe.transform;

import io.backhoe.spec.JsonLine;
import io.backhoe.value.OwnerOnly;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a program says, at most so much of it, and finds the last line that is a JSON object with {@code rows}. Read by a
 * thread of its own, so that the program never waits for us.
 */
final class ProgramOutput implements AutoCloseable {
    private static final long MOST = 16L << 20;
    private static final int LONGEST_LINE = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final OutputStream file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable Thread reader;
    private long kept;
    private volatile long rows;

    /** Adds to what is in the file already. */
    ProgramOutput(Path file) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        if (!Files.exists(file)) {
            Files.createFile(file, OwnerOnly.file(folder));
        }
        this.file = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void read(InputStream from) {
        var thread = new Thread(() -> copy(from), "backhoe-command");
        thread.setDaemon(true);
        thread.start();
        reader = thread;
    }

    private void copy(InputStream from) {
        byte[] buffer = new byte[8192];
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                keep(buffer, read);
                for (int i = 0; i < read; i++) {
                    look(buffer[i]);
                }
            }
            look((byte) '\n');
        } catch (IOException e) {
            // It was killed; what it had said by then is there.
        }
    }

    /** A disk that is full costs the rest of what it says, and not the work. */
    private synchronized void keep(byte[] said, int length) {
        try {
            if (kept < MOST) {
                file.write(said, 0, (int) Math.min(length, MOST - kept));
            }
            kept += length;
        } catch (IOException e) {
            kept = MOST;
        }
    }

    private void look(byte character) {
        if (character != '\n') {
            if (line.size() < LONGEST_LINE) {
                line.write(character);
            }
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (text.startsWith("{") && text.endsWith("}")) {
            JsonLine.number(text, "rows").ifPresent(number -> rows = Math.max(0, number));
        }
    }

    /** Adds a line to what is kept, that it has said elsewhere. */
    void note(String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        keep(line, line.length);
    }

    /** What the last line in JSON that has {@code rows} says; 0 when there is none. */
    long rows() throws InterruptedException {
        finish();
        return rows;
    }

    private void finish() throws InterruptedException {
        Thread thread = reader;
        if (thread != null) {
            thread.join(PATIENCE.toMillis());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
