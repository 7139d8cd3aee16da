package io.backhoe.database;

import java.util.List;

/**
 * Transactions that others have open.
 *
 * @param hidden how many sessions' state is not shown to us
 */
public record OpenTransactions(List<Open> open, int hidden) {
    public OpenTransactions {
        open = List.copyOf(open);
    }

    /**
     * One of them.
     *
     * @param name the process number, or the name that it was prepared under
     * @param prepared whether it was prepared for two-phase commit, and belongs to no session
     * @param idle whether its client keeps it open and does nothing
     * @param seconds since it began
     */
    public record Open(String name, String user, boolean prepared, boolean idle, long seconds) {}
}
