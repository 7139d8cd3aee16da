package io.backhoe.cli;

import io.backhoe.report.HtmlReport;
import io.backhoe.report.MarkdownReport;
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

/** The file that a report goes to. Who reads it meanwhile sees the former report or the new one, whole. */
final class ReportFile {
    private static final int LOOKED_AT = 2_000;

    private final String name;
    private final Path path;

    /** @param name as a person typed it */
    ReportFile(String name) {
        this.name = name;
        try {
            this.path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new BackhoeException(
                    ExitCode.USAGE, "file_not_writable", name + " cannot be the name of a file.", "-o report.md", e);
        }
    }

    /**
     * Refuses before any work is done for nothing.
     *
     * @param force whether a file that is something else may be overwritten
     */
    void refuse(boolean force) {
        if (Files.isDirectory(path)) {
            throw notWritable("it is a folder", null);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw notWritable("there is no folder " + folder, null);
        }
        if (Files.isRegularFile(path) && !force && !isReport()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "file_exists",
                    name + " is there already and is not a report. It was left as it is.",
                    "Choose another file with -o, or overwrite it with --force.");
        }
    }

    private boolean isReport() {
        try (var in = Files.newInputStream(path)) {
            String beginning = new String(in.readNBytes(LOOKED_AT), StandardCharsets.UTF_8);
            return beginning.startsWith(MarkdownReport.BEGINNING)
                    || (beginning.startsWith("<!DOCTYPE html>") && beginning.contains(HtmlReport.MARK))
                    || beginning.replaceAll("\\s", "").startsWith("{\"schema\":\"backhoe.report/v1\"");
        } catch (IOException e) {
            throw notWritable("it is there and cannot be read", e);
        }
    }

    void write(Content content) {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                try (var to = Files.newOutputStream(path)) {
                    content.writeTo(to);
                }
                return;
            }
            Path real = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
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

    private BackhoeException notWritable(String why, @Nullable Throwable cause) {
        return new BackhoeException(
                ExitCode.USAGE,
                "file_not_writable",
                name + ": " + why + ". No report was written.",
                "Choose another file with -o.",
                cause);
    }

    /** What goes into a file. */
    interface Content {
        void writeTo(OutputStream to) throws IOException;
    }
}
