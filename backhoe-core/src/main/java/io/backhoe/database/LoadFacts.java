package io.backhoe.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What others are at right now. Sessions whose application_name begins with {@code backhoe/} are ours.
 *
 * @param active sessions of others that are at work; null when they are not shown to us
 * @param written how far the log is written, in bytes
 * @param replicas those that stream and replay the log
 * @param hidden how many replicas' state is not shown to us
 * @param waits of others for locks, also for one that another waiter will have first
 * @param cure what would let us see all of it; null when we do
 */
public record LoadFacts(
        @Nullable Long active,
        long written,
        List<Position> replicas,
        int hidden,
        List<Wait> waits,
        @Nullable String cure) {
    public LoadFacts {
        replicas = List.copyOf(replicas);
        waits = List.copyOf(waits);
    }

    /** How far a replica has replayed the log, in bytes. */
    public record Position(String name, long replayed) {}

    /**
     * A session that waits for a lock.
     *
     * @param process of the one that waits, {@code blocker} of one that it waits for; the server's numbers
     */
    public record Wait(int process, int blocker, long millis) {}
}
