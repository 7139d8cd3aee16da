package io.backhoe.run.throttle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far behind in time a replica is: how long ago the primary had written what the replica has replayed by now. It
 * compares readings of one clock, ours, with positions of one log, so that clocks of machines do not matter; and a
 * replica that replays nothing is seen to fall behind, which the server's own figure of lag does not show. Confined to one
 * thread.
 */
public final class ReplicaLag {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MOST = 7_200;

    private record Written(long nanos, long position) {}

    private final Deque<Written> history = new ArrayDeque<>();

    /** The primary has written its log so far. */
    public void written(long nanos, long position) {
        if (!history.isEmpty() && history.getLast().position() >= position) {
            return;
        }
        history.addLast(new Written(nanos, position));
        while (history.size() > MOST || nanos - history.getFirst().nanos() > KEPT.toNanos()) {
            history.removeFirst();
        }
    }

    /** Seconds since the primary first had more than this; 0 for a replica that has everything. */
    public double behind(long nanos, long replayed) {
        for (Written written : history) {
            if (written.position() > replayed) {
                return (nanos - written.nanos()) / 1e9;
            }
        }
        return 0;
    }
}
