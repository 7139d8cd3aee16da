package io.backhoe.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a session has left, kept for a second for the next one: what is done in several sessions one after
 * the other does not connect for each of them. At most one, so that there are never more connections than there would be
 * sessions at the same time. Thread-safe.
 */
final class SpareConnection {
    private static final Duration KEPT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicReference<@Nullable Connection> spare = new AtomicReference<>();

    /** One that answers. */
    Optional<Connection> take() {
        Connection kept = spare.getAndSet(null);
        if (kept == null) {
            return Optional.empty();
        }
        try {
            if (kept.isValid((int) PATIENCE.toSeconds())) {
                return Optional.of(kept);
            }
        } catch (SQLException e) {
            // As if it had not answered.
        }
        end(kept);
        return Optional.empty();
    }

    /** @param connection without anything of who has left it */
    void keep(Connection connection) {
        Connection former = spare.getAndSet(connection);
        if (former != null) {
            end(former);
        }
        CompletableFuture.delayedExecutor(KEPT.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (spare.compareAndSet(connection, null)) {
                        end(connection);
                    }
                });
    }

    private static void end(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is gone already: nobody has been using it.
        }
    }
}
