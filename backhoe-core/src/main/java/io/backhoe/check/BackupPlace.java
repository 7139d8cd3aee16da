package io.backhoe.check;

import io.backhoe.backup.BackupStore;
import io.backhoe.backup.BackupStores;
import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Where a backup is, or is to be: a folder that this process sees, or an object store. */
final class BackupPlace {
    private static final String KEY = "rollback.backup_location ";

    private final Spec.Backup backup;

    BackupPlace(Spec.Backup backup) {
        this.backup = backup;
    }

    CheckResult look() {
        BackupLocation location;
        try {
            location = BackupLocation.parse(backup.location());
        } catch (IllegalArgumentException e) {
            return CheckResult.fails(KEY + backup.location() + " " + e.getMessage());
        }
        if (location.scheme().equals("file") && !Files.isDirectory(Path.of(location.path()))) {
            return CheckResult.fails(KEY + shown(location) + " is no folder that this process sees");
        }
        BackupStore opened;
        try {
            opened = BackupStores.open(location, backup.export());
        } catch (BackhoeException e) {
            return CheckResult.couldNotTell(KEY + shown(location) + ": " + e.getMessage());
        }
        try (var store = opened) {
            return backup.external() ? listed(store) : probed(store);
        } catch (BackhoeException | IOException e) {
            return CheckResult.fails(KEY + shown(location) + " cannot be "
                    + (backup.external() ? "listed" : "written, read and deleted in") + ": " + e.getMessage());
        }
    }

    private static CheckResult listed(BackupStore store) {
        int entries = store.list().size() + store.folders().size();
        String place = shown(store.location());
        return entries == 0
                ? CheckResult.fails("rollback.backup is external, and " + place + " is empty")
                : CheckResult.holds((entries == 1 ? "1 entry" : entries + " entries") + " in " + place
                        + ", which somebody else answers for; what is in them was not looked at");
    }

    private CheckResult probed(BackupStore store) throws IOException {
        String name = "backhoe-probe-" + UUID.randomUUID();
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        Optional<String> stays = Optional.empty();
        try {
            store.put(name, out -> out.write(text));
            try (var in = store.get(name)) {
                if (!Arrays.equals(in.readAllBytes(), text)) {
                    return CheckResult.fails(
                            "a probe in " + shown(store.location()) + " was not read as it was written");
                }
            }
        } finally {
            stays = store.delete(name);
        }
        String done = stays.map(
                        why -> "a probe was written and read in " + shown(store.location()) + ", and stays: " + why)
                .orElse("a probe was written, read and deleted in " + shown(store.location()));
        return CheckResult.holds(
                backup.export() == null
                        ? done + "; that a backup is there was not asked, see rollback.backup: external"
                        : done + "; the before-images of each batch are there before it commits"
                                + (backup.export().keepInDatabase() ? ", and are kept in this database too" : "")
                                + "; they do not cover what triggers do elsewhere");
    }

    /** A folder as people write it. */
    private static String shown(BackupLocation location) {
        return location.scheme().equals("file") ? Path.of(location.path()).toString() : location.toString();
    }
}
