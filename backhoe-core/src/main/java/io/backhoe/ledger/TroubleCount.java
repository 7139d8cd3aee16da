package io.backhoe.ledger;

import java.time.Instant;

/** How often an error of one kind was met in a run, by its SQLSTATE. */
public record TroubleCount(String sqlState, long count, Instant first, Instant last) {}
