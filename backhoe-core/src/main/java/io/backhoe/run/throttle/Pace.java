package io.backhoe.run.throttle;

import io.backhoe.ledger.Tuning;
import java.time.Duration;

/** How hard a run may work, which people change while it runs. Thread-safe. */
public final class Pace {
    /** How long a batch may take when nobody says otherwise. */
    public static final Duration BATCH_TIME = Duration.ofMillis(500);

    private volatile int workers;
    private volatile Duration batchTime;

    public Pace(int workers, Duration batchTime) {
        this.workers = workers;
        this.batchTime = batchTime;
    }

    public int workers() {
        return workers;
    }

    public Duration batchTime() {
        return batchTime;
    }

    public void tune(Tuning tuning) {
        Integer wished = tuning.workers();
        Duration time = tuning.batchTime();
        workers = wished == null ? workers : wished;
        batchTime = time == null ? batchTime : time;
    }
}
