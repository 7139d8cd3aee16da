package io.backhoe.run.throttle;

import io.backhoe.ledger.Limit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How hard a run works from now on.
 *
 * @param workers at least 1
 * @param batchTime how long a batch may take
 * @param rest how long a worker rests, as a multiple of the time that it works
 * @param hold why no batch begins; null while they do
 */
public record Course(
        int workers,
        Duration batchTime,
        double rest,
        @Nullable Limit hold) {}
