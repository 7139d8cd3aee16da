package io.backhoe.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Rights for files that may hold values of rows: for their owner alone, where the disk knows owners. */
public final class OwnerOnly {
    private OwnerOnly() {}

    /** @param in the folder, which is there, that the file is going to be in */
    public static FileAttribute<?>[] file(Path in) throws IOException {
        return attributes(in, "rw-------");
    }

    /** @param in the folder, which is there, that the new one is going to be in */
    public static FileAttribute<?>[] folder(Path in) throws IOException {
        return attributes(in, "rwx------");
    }

    private static FileAttribute<?>[] attributes(Path in, String rights) throws IOException {
        return Files.getFileStore(in).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }
}
