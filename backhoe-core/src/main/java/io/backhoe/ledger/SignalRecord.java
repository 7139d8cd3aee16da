package io.backhoe.ledger;

import java.time.Duration;

/**
 * What a signal of a run said last, for people.
 *
 * @param signal a snake_case word: {@code replica_lag}
 * @param value with its unit; empty where it is not known
 * @param limit with its unit; {@code off} where nobody wants it watched, empty where there is none
 * @param age since it was read; where it never was, since somebody first asked
 * @param cure what would let it be watched, where it is not; empty where it is
 */
public record SignalRecord(String signal, String value, String limit, Duration age, String cure) {}
