package io.backhoe.run;

import io.backhoe.ledger.Limit;
import io.backhoe.run.throttle.Course;
import io.backhoe.run.throttle.Losses;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does between two batches so that others have their turn. It has no transaction open then. Confined to one
 * thread.
 */
final class Turn {
    /** So that a change of course, or a wish to stop, is seen soon. */
    private static final Duration SLICE = Duration.ofMillis(100);

    /** After a batch that was far too large no worker pauses for as many times as long. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    static final String POLICY = "policy";
    static final String RUN_BETWEEN = "run_between";

    private final Execution execution;
    private boolean holding;

    Turn(Execution execution) {
        this.execution = execution;
    }

    /**
     * Waits a little while no batch may begin.
     *
     * @return whether it had to
     */
    boolean held() throws InterruptedException {
        Limit hold = execution.course().hold();
        if (hold == null) {
            holding = false;
            return false;
        }
        if (!holding) {
            holding = true;
            execution.losses().add(hold.signal(), 0);
        }
        execution.losses().during(hold.signal(), () -> execution.gate().pause(SLICE));
        return true;
    }

    /**
     * Pauses after a batch, as long as the course of the moment says.
     *
     * @param rested for how long of what it took the batch has done that already
     */
    void rest(Duration took, Duration rested) throws InterruptedException {
        long since = execution.time().nanos() - rested.toNanos();
        var worked = took.minus(rested);
        if (!rested.isZero() || left(worked, since) > 0) {
            String signal = signal();
            double share = signal == null ? 0 : signalsShare();
            execution.losses().add(POLICY, Math.round((1 - share) * rested.toNanos()));
            if (signal != null) {
                execution.losses().add(signal, Math.round(share * rested.toNanos()));
            }
        }
        for (long left = left(worked, since); left > 0 && execution.gate().isOpen(); left = left(worked, since)) {
            pause(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
        }
    }

    private void pause(Duration pause) throws InterruptedException {
        String signal = signal();
        Losses.Waiting wait = () -> execution.gate().pause(pause);
        if (signal == null) {
            execution.losses().during(POLICY, wait);
        } else {
            execution.losses().duringBoth(signal, POLICY, 1 - signalsShare(), wait);
        }
    }

    private long left(Duration worked, long since) {
        Course course = execution.course();
        boolean held = course.hold() != null;
        long wished = Math.min(LONGEST.toNanos(), (long) (course.rest() * worked.toNanos()));
        return held ? 0 : wished - (execution.time().nanos() - since);
    }

    /** What makes the pause longer than the policy asks for; null when nothing does. */
    private @Nullable String signal() {
        Limit limit = execution.throttling().limit();
        return limit == null || signalsShare() <= 0 ? null : limit.signal();
    }

    /** How much of a pause is a signal's: what goes beyond the policy's. */
    private double signalsShare() {
        double rest = execution.course().rest();
        return rest <= 0 ? 0 : Math.max(0, 1 - execution.throttling().policy().rest() / rest);
    }
}
