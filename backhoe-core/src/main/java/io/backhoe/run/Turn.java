package io.backhoe.run;

import io.backhoe.ledger.Limit;
import io.backhoe.run.throttle.Course;
import java.time.Duration;

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
            execution.losses().add(reason(), rested.toNanos());
        }
        for (long left = left(worked, since); left > 0 && execution.gate().isOpen(); left = left(worked, since)) {
            var pause = Duration.ofNanos(Math.min(left, SLICE.toNanos()));
            execution.losses().during(reason(), () -> execution.gate().pause(pause));
        }
    }

    private long left(Duration worked, long since) {
        Course course = execution.course();
        boolean held = course.hold() != null;
        long wished = Math.min(LONGEST.toNanos(), (long) (course.rest() * worked.toNanos()));
        return held ? 0 : wished - (execution.time().nanos() - since);
    }

    /** Beyond what the policy asks for it is a signal that makes the pause longer. */
    private String reason() {
        Limit limit = execution.throttling().limit();
        return limit == null ? POLICY : limit.signal();
    }
}
