package io.backhoe.postgres;

import io.backhoe.database.DatabaseException;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** The sessions that somebody may still use, so that all of them can be told to stop. Thread-safe. */
final class OpenSessions {
    private static final Duration AGAIN = Duration.ofMillis(50);
    private static final int MOST_TIMES = 40;

    private final Set<PostgresSession> sessions =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final Time time;
    private volatile boolean stopped;

    OpenSessions(Time time) {
        this.time = time;
    }

    PostgresSession add(PostgresSession session) {
        sessions.add(session);
        if (stopped) {
            session.stop();
        }
        return session;
    }

    /**
     * Returns when no statement is under way any more, or after two seconds. The wish to cancel is sent anew while one is,
     * because it may have arrived before the statement did.
     */
    void stop() {
        stopped = true;
        for (int i = 0; i < MOST_TIMES; i++) {
            List<PostgresSession> busy =
                    all().stream().filter(OpenSessions::stop).toList();
            if (busy.isEmpty()) {
                return;
            }
            try {
                time.sleep(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<PostgresSession> all() {
        synchronized (sessions) {
            return List.copyOf(sessions);
        }
    }

    /** @return whether it was in the middle of something */
    private static boolean stop(PostgresSession session) {
        try {
            return session.stop();
        } catch (DatabaseException e) {
            // A server that takes no wish to cancel: what is left is that the connection ends with the process.
            return false;
        }
    }
}
