package io.backhoe.run;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.PaceRecord;
import io.backhoe.run.throttle.Losses;
import io.backhoe.run.throttle.Speed;
import io.backhoe.value.SignalName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far an execution has got, how fast it is, and what keeps it from being faster. Thread-safe. */
final class Standing {
    private final Execution execution;
    private final long begun;
    private final Speed speed = new Speed();

    Standing(Execution execution) {
        this.execution = execution;
        this.begun = execution.time().nanos();
        speed.read(begun, execution.tally().examined.get());
    }

    synchronized Progress progress() {
        var tally = execution.tally();
        var run = execution.run();
        long now = execution.time().nanos();
        if (execution.course().hold() == null && !waitsAltogether()) {
            speed.read(now, tally.examined.get());
        } else {
            speed.held(now, tally.examined.get());
        }
        return new Progress(
                run.id(),
                run.name(),
                run.table(),
                run.state(),
                tally.chunks,
                tally.done.get(),
                tally.failed.get(),
                tally.estimatedRows,
                tally.examined.get(),
                tally.changed.get(),
                tally.quarantined.get(),
                tally.progress(execution.queue().busy()),
                pace(),
                held(),
                Duration.ofNanos(now - begun));
    }

    private PaceRecord pace() {
        var tally = execution.tally();
        var batch = execution.times().median();
        long rest = tally.estimatedRows - tally.examined.get();
        var rate = speed.now();
        return new PaceRecord(
                execution.time().now(),
                execution.course().workers(),
                execution.queue().busy().size(),
                execution.course().batchTime(),
                batch.map(b -> b.time()).orElse(null),
                batch.map(b -> b.rows()).orElse(null),
                rate.isEmpty() ? null : rate.getAsDouble(),
                rest <= 0 ? null : speed.left(rest),
                limit());
    }

    /** Whether nothing may be begun yet, and nothing is under way. */
    private boolean waitsAltogether() {
        return execution.queue().busy().isEmpty()
                && execution.order().hold(execution.queue().waiting()) != null;
    }

    private @Nullable String held() {
        Limit hold = execution.course().hold();
        if (hold != null) {
            return hold.signal();
        }
        if (waitsAltogether()) {
            return Order.AFTER;
        }
        int busy = execution.queue().busy().size();
        return execution
                .losses()
                .waiting()
                .filter(wait ->
                        busy > 0 && wait.workers() >= busy && !wait.reason().equals(Turn.POLICY))
                .map(Losses.Wait::reason)
                .orElse(null);
    }

    private static boolean isOwn(String reason) {
        return reason.equals(Turn.POLICY)
                || reason.equals(Turn.RUN_BETWEEN)
                || SignalName.of(reason).isPresent();
    }

    /** The first of what stands in the way that is true. */
    private Limit limit() {
        int busy = execution.queue().busy().size();
        int workers = execution.course().workers();
        if (!execution.gate().isOpen()) {
            return new Limit("stopping", "open batches end or are rolled back", "");
        }
        Limit after = busy < workers ? execution.order().hold(execution.queue().waiting()) : null;
        if (after != null) {
            return after;
        }
        var waiting = execution.losses().waiting();
        // Its own pauses and signals say below what they are measured against.
        if (waiting.isPresent()
                && !isOwn(waiting.get().reason())
                && 2 * waiting.get().workers() >= busy) {
            return new Limit(waiting.get().reason(), waiting.get().workers() + " waiting", busy + " workers");
        }
        Limit throttled = execution.throttling().limit();
        if (throttled != null) {
            return throttled;
        }
        if (busy < workers && !execution.queue().hasWaiting()) {
            return new Limit("chunks", busy + " left to work on", workers + " workers");
        }
        var policy = execution.throttling().policy();
        return policy.rest() == 0
                ? new Limit("workers", busy + " busy", Integer.toString(workers))
                : new Limit(
                        Turn.POLICY,
                        policy.word() + ", rests " + policy.restWords() + " as it works, " + busy + " busy",
                        Integer.toString(workers));
    }
}
