package io.backhoe.backup;

import io.backhoe.spec.Spec;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.BackupLocation;
import io.backhoe.value.ExitCode;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Which class keeps backups where. */
public final class BackupStores {
    private BackupStores() {}

    /** To read or delete what is there. */
    public static BackupStore open(BackupLocation location) {
        return open(location, null);
    }

    /**
     * @param export how objects are to be written; null where none is going to be
     * @throws BackhoeException USAGE where this program knows no such place
     */
    public static BackupStore open(BackupLocation location, Spec.@Nullable Export export) {
        if (location.scheme().equals("file")) {
            return new FolderStore(Path.of(location.path()));
        }
        for (var provider : ServiceLoader.load(BackupProvider.class)) {
            if (provider.scheme().equals(location.scheme())) {
                return provider.open(location, export);
            }
        }
        throw new BackhoeException(
                ExitCode.USAGE,
                "backup_scheme_unknown",
                "This program keeps no backups at " + location.scheme() + "://. Nothing was changed.",
                "file:///FOLDER/ always works; s3://BUCKET/PREFIX/ needs the module backhoe-s3 beside it.");
    }

    /** A location that somebody has typed. */
    public static BackupLocation location(String text) {
        try {
            return BackupLocation.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "backup_location_invalid",
                    "The backup's location " + e.getMessage() + ". Nothing was changed.",
                    null,
                    e);
        }
    }
}
