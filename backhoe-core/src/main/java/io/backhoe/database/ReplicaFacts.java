package io.backhoe.database;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who replays what is written here.
 *
 * @param synchronous what COMMIT waits for, as the server's setting says; empty for nothing
 * @param hidden how many replicas' state is not shown to us
 */
public record ReplicaFacts(List<Replica> replicas, String synchronous, int hidden) {
    public ReplicaFacts {
        replicas = List.copyOf(replicas);
    }

    /**
     * One of them.
     *
     * @param lagSeconds how far it is behind; null when it has not said, as when nothing is written
     * @param lagBytes of log that it has not replayed; null when it has not said
     */
    public record Replica(
            String name,
            @Nullable Double lagSeconds,
            @Nullable Long lagBytes) {}
}
