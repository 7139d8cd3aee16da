package io.backhoe.ledger;

import java.time.Duration;

/**
 * What workers of a run could not use for work, for one reason. The times of workers add up.
 *
 * @param reason a snake_case word: {@code lock_timeout}, {@code connection}, ...
 * @param times how often
 */
public record LostTime(String reason, long times, Duration time) {}
