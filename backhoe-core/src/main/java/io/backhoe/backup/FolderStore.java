package io.backhoe.backup;

import io.backhoe.value.BackupLocation;
import io.backhoe.value.OwnerOnly;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A folder of files. A file is written beside its place, flushed to the disk and read again before it gets its name; a name
 * is flushed too. Thread-safe.
 */
public final class FolderStore implements BackupStore {
    private static final String UNFINISHED = ".part";

    private final Path folder;

    /** @param folder absolute; made when something is first put there */
    public FolderStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public BackupLocation location() {
        return BackupLocation.parse(folder.toString());
    }

    @Override
    public Digest put(String name, Content content) {
        Path file = file(name);
        Path unfinished = folder.resolve("." + name + "-" + UUID.randomUUID() + UNFINISHED);
        try {
            makeFolder();
            try {
                write(unfinished, content);
                Digest written;
                try (var in = Files.newInputStream(unfinished)) {
                    written = Digest.of(in);
                }
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                flush(folder);
                return written;
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw failed("written", file, e);
        }
    }

    private void write(Path file, Content content) throws IOException {
        try (var channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.file(folder))) {
            var out = Channels.newOutputStream(channel);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** The one above has to be there: a disk that is not mounted must not be taken for an empty one. */
    private void makeFolder() throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new BackupException(
                    BackupException.Kind.DOWN, "folder " + parent + " is not there (a disk not mounted?)", null);
        }
        Files.createDirectory(folder, OwnerOnly.folder(parent));
        flush(parent);
    }

    private static void flush(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream get(String name) {
        Path file = file(name);
        try {
            return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    @Override
    public List<Stored> list() {
        var found = new ArrayList<Stored>();
        for (Path path : entries()) {
            String name = path.getFileName().toString();
            if (!name.startsWith(".") && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    found.add(new Stored(name, Files.size(path)));
                } catch (IOException e) {
                    throw failed("listed", path, e);
                }
            }
        }
        return found;
    }

    @Override
    public List<String> folders() {
        return entries().stream()
                .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private List<Path> entries() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw failed("listed", folder, e);
        }
    }

    @Override
    public Optional<String> held(String name) {
        return Files.exists(file(name)) && !Files.isWritable(folder)
                ? Optional.of("folder " + folder + " may not be written in")
                : Optional.empty();
    }

    @Override
    public Optional<String> delete(String name) {
        try {
            Files.deleteIfExists(file(name));
            return Optional.empty();
        } catch (AccessDeniedException e) {
            return Optional.of("it may not be deleted: " + reason(e));
        } catch (IOException e) {
            throw failed("deleted", file(name), e);
        }
    }

    @Override
    public void clearUnfinished() {
        for (Path path : entries()) {
            if (path.getFileName().toString().endsWith(UNFINISHED)) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw failed("deleted", path, e);
                }
            }
        }
    }

    @Override
    public void removeIfEmpty() {
        try {
            if (entries().isEmpty()) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw failed("deleted", folder, e);
        }
    }

    @Override
    public void close() {
        // Nothing is open between two calls.
    }

    private Path file(String name) {
        if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
            throw new IllegalArgumentException("'" + name + "' is no name of an object");
        }
        return folder.resolve(name);
    }

    private static BackupException failed(String done, Path path, IOException error) {
        return new BackupException(kind(error), path + " cannot be " + done + ": " + reason(error), error);
    }

    /** Java has classes for some of what can happen to a file, and the system's own words for the rest. */
    private static BackupException.Kind kind(IOException error) {
        String said = reason(error).toLowerCase(Locale.ROOT);
        if (said.contains("no space left") || said.contains("quota exceeded") || said.contains("file too large")) {
            return BackupException.Kind.FULL;
        }
        if (error instanceof NoSuchFileException) {
            return BackupException.Kind.MISSING;
        }
        boolean forbidden = error instanceof AccessDeniedException
                || said.contains("read-only file system")
                || said.contains("operation not permitted");
        return forbidden ? BackupException.Kind.FORBIDDEN : BackupException.Kind.DOWN;
    }

    private static String reason(IOException error) {
        String reason = error instanceof FileSystemException known ? known.getReason() : error.getMessage();
        if (reason != null) {
            return reason;
        }
        return error instanceof NoSuchFileException
                ? "it is not there"
                : error instanceof AccessDeniedException ? "permission denied" : error.toString();
    }
}
