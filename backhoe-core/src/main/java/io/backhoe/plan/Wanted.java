package io.backhoe.plan;

import io.backhoe.value.TableName;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says who has no spec yet. What is null is found out from the table where that can be done.
 *
 * @param name of the backfill; null makes one of table and column
 * @param from the first moment, local to the time zone; null for the earliest that there is
 * @param to the first moment that is no longer meant; null for the day after the latest that there is
 * @param expression what to fill the column with; null leaves a place for it in the spec
 */
public record Wanted(
        @Nullable String name,
        TableName table,
        String column,
        @Nullable String dateColumn,
        @Nullable LocalDateTime from,
        @Nullable LocalDateTime to,
        ZoneId timezone,
        @Nullable String expression,
        @Nullable String fromClause,
        @Nullable String on,
        @Nullable String where) {}
