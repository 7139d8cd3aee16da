package io.backhoe.cli;

import io.backhoe.ledger.PaceRecord;
import io.backhoe.value.SignalName;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many workers a run may have at full effort: what was wished last, until its executor has had the time to say so
 * itself. That it has fewer for the sake of others for a while is no wish. Not thread-safe.
 */
final class WorkersInForce {
    /** An executor obeys within half a second and says so every two; who looks from elsewhere does it each second. */
    private static final long SETTLES_NANOS = Duration.ofSeconds(5).toNanos();

    private final Supplier<@Nullable PaceRecord> pace;
    private final Time time;
    private int full;
    private long wishedAt;

    WorkersInForce(Supplier<@Nullable PaceRecord> pace, Time time) {
        this.pace = pace;
        this.time = time;
        this.wishedAt = time.nanos() - SETTLES_NANOS;
    }

    /** @return 0 while it is not known */
    int look() {
        var now = pace.get();
        boolean settled = time.nanos() - wishedAt >= SETTLES_NANOS;
        if (now != null && now.workers() > 0 && (full == 0 || (settled && !isSlowed(now)))) {
            full = now.workers();
        }
        return full;
    }

    private static boolean isSlowed(PaceRecord now) {
        return SignalName.of(now.limit().signal()).isPresent();
    }

    void wished(int workers) {
        full = workers;
        wishedAt = time.nanos();
    }

    /** What was wished does not hold. */
    void refused() {
        full = 0;
        wishedAt = time.nanos() - SETTLES_NANOS;
    }
}
