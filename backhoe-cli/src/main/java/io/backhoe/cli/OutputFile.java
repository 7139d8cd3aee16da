package io.backhoe.cli;

import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code --output}. Who reads it meanwhile sees the former content or the new one, whole.
 *
 * @param name as a person typed it
 */
record OutputFile(String name, Path path) {
    /** What goes into a file. */
    interface Content {
        void writeTo(OutputStream to) throws IOException;
    }

    static OutputFile of(String name) {
        try {
            return new OutputFile(name, Path.of(name));
        } catch (InvalidPathException e) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "file_not_writable",
                    name + " cannot be the name of a file.",
                    "Choose another with --output.",
                    e);
        }
    }

    /**
     * Whether it is stdout.
     *
     * @throws BackhoeException when that is kept for one JSON document
     */
    static boolean isStdout(@Nullable String output, Out out) {
        boolean stdout = "-".equals(output);
        if (stdout && out.json()) {
            throw new BackhoeException(
                    ExitCode.USAGE, "usage", "--json and --output - both want stdout.", "Leave one of them out.");
        }
        return stdout;
    }

    /** The name of a file for a backfill, whatever its own name holds. */
    static String named(String backfill, String ending) {
        return backfill.replaceAll("[^\\p{L}\\p{N}._-]", "_") + ending;
    }

    /** Refuses, before any work is done for nothing, where no file can be. */
    void refuseNoPlace() {
        if (Files.isDirectory(path)) {
            throw notWritable("it is a folder", null);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw notWritable("there is no folder " + folder, null);
        }
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** A pipe or a device has nothing to lose. */
    boolean isRegular() {
        return Files.isRegularFile(path);
    }

    /** What is there, up to so many bytes. */
    String beginning(int bytes) {
        try (var in = Files.newInputStream(path)) {
            return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw notWritable("it is there and cannot be read", e);
        }
    }

    void write(String text) {
        write(to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    void write(Content content) {
        try {
            if (exists() && !isRegular()) {
                try (var to = Files.newOutputStream(path)) {
                    content.writeTo(to);
                }
                return;
            }
            Path real = exists() ? path.toRealPath() : path.toAbsolutePath();
            Path part = real.resolveSibling(real.getFileName() + ".part");
            try {
                try (var to = Files.newOutputStream(part)) {
                    content.writeTo(to);
                }
                Files.move(part, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw notWritable("it cannot be written (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /** @param what is wrong with it, after its name */
    BackhoeException isThere(String what) {
        return new BackhoeException(
                ExitCode.REFUSED,
                "file_exists",
                name + " is there " + what + ". It was left as it is.",
                "Choose another file with --output, or overwrite it with --force.");
    }

    private BackhoeException notWritable(String why, @Nullable Throwable cause) {
        return new BackhoeException(
                ExitCode.USAGE,
                "file_not_writable",
                name + ": " + why + ". Nothing was written.",
                "Choose another file with --output.",
                cause);
    }
}
