package io.backhoe.database;

import org.jspecify.annotations.Nullable;

/**
 * The newest rows of a table.
 *
 * @param missing how many of them lack a value
 * @param newest date among them; null when there are no rows
 * @param oldest date among them
 * @param recent whether the newest is less than a week old
 */
public record NewestRows(
        long rows,
        long missing,
        @Nullable String newest,
        @Nullable String oldest,
        boolean recent) {}
