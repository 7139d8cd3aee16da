package io.backhoe.check;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a backup is, or is to be: a folder that this process sees. */
final class BackupFolder {
    /** At least two characters, so that a drive of Windows is not one. */
    private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+):.*");

    private final String location;

    BackupFolder(String location) {
        this.location = location;
    }

    /** @param external whether the backup has to be there already; else one must be able to be made */
    CheckResult look(boolean external) {
        var scheme = SCHEME.matcher(location);
        if (scheme.matches() && !scheme.group(1).equalsIgnoreCase("file")) {
            return CheckResult.couldNotTell("rollback.backup_location " + location + ": this version reads no "
                    + scheme.group(1) + " location; a folder, as an absolute path or file: and one, is read");
        }
        Path folder = path();
        if (folder == null || !folder.isAbsolute()) {
            return CheckResult.fails("rollback.backup_location " + location + " is not an absolute path");
        }
        if (!Files.isDirectory(folder)) {
            return CheckResult.fails("rollback.backup_location " + folder + " is no folder that this process sees");
        }
        try {
            return external ? listed(folder) : probed(folder);
        } catch (IOException e) {
            return CheckResult.fails("rollback.backup_location " + folder + " cannot be "
                    + (external ? "listed" : "written, read and deleted in") + ": " + e);
        }
    }

    private @Nullable Path path() {
        try {
            return location.regionMatches(true, 0, "file:", 0, 5) ? Path.of(URI.create(location)) : Path.of(location);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static CheckResult listed(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            long entries = files.count();
            return entries == 0
                    ? CheckResult.fails("rollback.backup is external, and " + folder + " is empty")
                    : CheckResult.holds((entries == 1 ? "1 entry" : entries + " entries") + " in " + folder
                            + ", which somebody else answers for; what is in them was not looked at");
        }
    }

    private static CheckResult probed(Path folder) throws IOException {
        Path probe = folder.resolve("backhoe-probe-" + UUID.randomUUID());
        String text = probe.getFileName().toString();
        try {
            Files.writeString(probe, text, StandardCharsets.UTF_8);
            String read = Files.readString(probe, StandardCharsets.UTF_8);
            if (!read.equals(text)) {
                return CheckResult.fails("a probe in " + folder + " was not read as it was written");
            }
        } finally {
            Files.deleteIfExists(probe);
        }
        return CheckResult.holds("a probe was written, read and deleted in " + folder
                + "; that a backup is there was not asked, see rollback.backup: external");
    }
}
