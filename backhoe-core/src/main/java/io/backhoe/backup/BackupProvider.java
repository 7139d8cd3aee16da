package io.backhoe.backup;

import io.backhoe.spec.Spec;
import io.backhoe.value.BackupLocation;
import org.jspecify.annotations.Nullable;

/** Opens places of one kind; found by {@link java.util.ServiceLoader}. */
public interface BackupProvider {
    /** The scheme of its locations: {@code s3}. */
    String scheme();

    /**
     * Does not connect yet.
     *
     * @param export how objects are to be written; null where none is going to be
     * @throws BackupException when what it takes to connect is not there
     */
    BackupStore open(BackupLocation location, Spec.@Nullable Export export);
}
