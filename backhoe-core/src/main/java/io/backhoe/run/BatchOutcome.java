package io.backhoe.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch.
 *
 * @param chunk its chunk's id
 * @param took from its first statement to its end
 * @param examined rows, when it committed
 * @param changed likewise
 * @param sqlState of the error for which it came to nothing; null when it committed
 */
public record BatchOutcome(
        String chunk,
        Duration took,
        long examined,
        long changed,
        @Nullable String sqlState) {}
