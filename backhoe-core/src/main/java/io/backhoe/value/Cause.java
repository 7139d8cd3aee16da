package io.backhoe.value;

import org.jspecify.annotations.Nullable;

/**
 * Who wants something, and why.
 *
 * @param who as the ledger names him
 * @param why in his own words; null when he gives no reason
 */
public record Cause(String who, @Nullable String why) {}
