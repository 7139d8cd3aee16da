package io.backhoe.database;

import java.util.List;

/**
 * Whether rows are shown to some and hidden from others.
 *
 * @param on whether the table has row-level security
 * @param applies whether it applies to us, so that rows may be hidden
 * @param policies their names
 */
public record RowSecurityFacts(boolean on, boolean applies, List<String> policies) {
    public RowSecurityFacts {
        policies = List.copyOf(policies);
    }
}
