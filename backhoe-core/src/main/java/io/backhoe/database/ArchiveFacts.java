package io.backhoe.database;

import org.jspecify.annotations.Nullable;

/**
 * What waits to be archived.
 *
 * @param waiting segments of the log; null when that is not shown to us
 * @param cure what would let us see it; null when we do, and where nothing is archived
 */
public record ArchiveFacts(@Nullable Long waiting, @Nullable String cure) {}
