package io.backhoe.ledger;

import java.time.Instant;

/**
 * Something that happened to a run.
 *
 * @param kind {@code state}, {@code executor} (a process took the run over), {@code executor_lost} (the one before it had
 *     ended without a word; {@code at} is its last sign of life), or another that the ledger's writers know
 * @param message for {@code state}: {@code RUNNING -> PAUSED}, with a reason after a colon
 */
public record EventRecord(Instant at, String kind, String message) {}
