package io.backhoe.run.throttle;

import io.backhoe.value.SignalName;

/**
 * What is done about a signal that is over its limit.
 *
 * @param holds whether no batch begins until it is well again; otherwise the run works with less effort
 * @param resumeShare of the limit, under which there is room again
 * @param eases whether less is done already between that and the limit, because it goes on growing at the same effort
 * @param averages how many readings are taken together, where one alone says little: it jumps from one to the next
 */
record Response(boolean holds, double resumeShare, boolean eases, int averages) {
    private static final int JUMPS = 5;

    private Response(boolean holds, double resumeShare, boolean eases) {
        this(holds, resumeShare, eases, 1);
    }

    static Response of(SignalName name) {
        return switch (name) {
            case REPLICA_LAG -> new Response(true, 0.5, true);
            case PROBE -> new Response(true, 0.8, true);
            case ACTIVE_SESSIONS -> new Response(true, 0.75, false, JUMPS);
            case WAL_ARCHIVE -> new Response(true, 0.5, true);
            case SLOT_RETENTION, DEAD_TUPLES, DISK -> new Response(true, 0.9, false);
            case LOCK_WAITS, COMMIT_LATENCY, BATCH_TIME -> new Response(false, 0.5, false);
            // Whom a batch blocks is let pass by cancelling that batch; what is left is to work with less effort.
            case BLOCKING -> new Response(false, 0.5, false);
        };
    }
}
