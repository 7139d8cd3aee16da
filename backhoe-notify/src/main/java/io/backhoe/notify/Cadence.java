package io.backhoe.notify;

import io.backhoe.spec.UpdateFrequency;
import java.time.Duration;

/** When a run is to say again how far it is. Confined to one thread. */
final class Cadence {
    private final UpdateFrequency frequency;
    private boolean begun;
    private long chunks;
    private long steps;
    private long since;

    Cadence(UpdateFrequency frequency) {
        this.frequency = frequency;
    }

    /** @param nanos a monotonic reading */
    boolean due(HowFar far, long nanos) {
        boolean due = begun && passed(far, nanos);
        if (due || !begun) {
            begun = true;
            chunks = ended(far);
            steps = steps(far);
            since = nanos;
        }
        return due;
    }

    private boolean passed(HowFar far, long nanos) {
        Duration every = frequency.every();
        return switch (frequency.unit()) {
            case CHUNK -> ended(far) > chunks;
            case PERCENT -> steps(far) > steps;
            case TIME -> every != null && nanos - since >= every.toNanos();
            case STATE -> false;
        };
    }

    private static long ended(HowFar far) {
        return far.done() + far.failed();
    }

    private long steps(HowFar far) {
        return frequency.percent() == 0 ? 0 : far.percent() / frequency.percent();
    }
}
