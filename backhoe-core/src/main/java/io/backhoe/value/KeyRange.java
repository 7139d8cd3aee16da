package io.backhoe.value;

import org.jspecify.annotations.Nullable;

/** A stretch of a table in key order: after the first key (exclusive) up to the second (inclusive); null is open. */
public record KeyRange(@Nullable Key after, @Nullable Key upTo) {
    public static final KeyRange ALL = new KeyRange(null, null);
}
