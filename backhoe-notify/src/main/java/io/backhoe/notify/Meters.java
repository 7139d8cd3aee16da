package io.backhoe.notify;

import io.backhoe.ledger.TimeLeft;
import io.backhoe.run.BatchOutcome;
import io.backhoe.run.Progress;
import io.backhoe.run.throttle.Reading;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one run. Counters count what this process does; gauges say how the run stands. Each has the run, the backfill's
 * name and the table as labels. Thread-safe.
 */
final class Meters {
    private static final Duration[] BATCHES = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final LongSupplier nanos;
    private final Tags tags;
    private final Timer batches;
    private final Counter examined;
    private final Counter changed;
    private final Map<String, Boolean> limits = new ConcurrentHashMap<>();
    private volatile @Nullable Progress last;
    private volatile RunState state = RunState.PLANNED;
    private volatile @Nullable Lag lag;

    /** What a replica was behind, and when that was read. */
    private record Lag(double seconds, long nanos) {}

    /** @param nanos a monotonic clock */
    Meters(MeterRegistry registry, Subject of, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
        this.tags = Tags.of("run", Long.toString(of.run()), "name", of.name(), "table", of.table());
        this.batches = Timer.builder("backhoe.batch.duration")
                .description("How long batches took that committed.")
                .tags(tags)
                .serviceLevelObjectives(BATCHES)
                .register(registry);
        this.examined =
                counter("backhoe.rows.examined", "Rows that batches of this process have looked at.", Tags.empty());
        this.changed = counter("backhoe.rows.changed", "Rows that batches of this process have written.", Tags.empty());
        chunks(
                "pending",
                p -> p.chunks()
                        - p.chunksDone()
                        - p.chunksFailed()
                        - p.running().size());
        chunks("running", p -> p.running().size());
        chunks("done", Progress::chunksDone);
        chunks("failed", Progress::chunksFailed);
        gauge(
                "backhoe.rows.estimated",
                "Rows of all chunks, as the plan estimates them.",
                Tags.empty(),
                Progress::estimatedRows);
        gauge("backhoe.rows.quarantined", "Rows that are set aside.", Tags.empty(), Progress::quarantined);
        gauge(
                "backhoe.progress.ratio",
                "How much of the rows is done.",
                Tags.empty(),
                p -> HowFar.of(p).percent() / 100.0);
        workers("allowed", p -> p.pace().workers());
        workers("busy", p -> p.pace().busy());
        remaining("low", TimeLeft::low);
        remaining("high", TimeLeft::high);
        Gauge.builder("backhoe.replica.lag.seconds", this, Meters::replicaLag)
                .description("How far the slowest streaming replica is behind; not a number while that cannot be read.")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        for (RunState each : RunState.values()) {
            Gauge.builder("backhoe.run.state", () -> state == each ? 1 : 0)
                    .description("1 for the state that the run is in.")
                    .tags(tags.and("state", each.name()))
                    .register(registry);
        }
    }

    void batch(BatchOutcome batch) {
        String sqlState = batch.sqlState();
        if (sqlState == null) {
            batches.record(batch.took());
            examined.increment(batch.examined());
            changed.increment(batch.changed());
        } else {
            counter(
                            "backhoe.batches.failed",
                            "Batches that came to nothing, by class of SQLSTATE; most are tried again.",
                            Tags.of("sqlstate_class", sqlState.substring(0, 2)))
                    .increment();
        }
    }

    void progress(Progress now) {
        last = now;
        state = now.state();
        String signal = now.pace().limit().signal();
        if (limits.putIfAbsent(signal, true) == null) {
            gauge(
                    "backhoe.limited",
                    "1 for what keeps the run from being faster now.",
                    Tags.of("signal", signal),
                    p -> p.pace().limit().signal().equals(signal) ? 1 : 0);
        }
    }

    void held(String signal, Duration time) {
        counter("backhoe.held.seconds", "How long all work waited, by what for.", Tags.of("signal", signal))
                .increment(time.toNanos() / 1e9);
    }

    void reading(Reading reading) {
        Double value = reading.value();
        if (reading.name() == SignalName.REPLICA_LAG) {
            lag = value == null ? null : new Lag(value, nanos.getAsLong());
        }
    }

    private double replicaLag() {
        Lag read = lag;
        return read == null || nanos.getAsLong() - read.nanos() > Reading.STALE_AFTER.toNanos()
                ? Double.NaN
                : read.seconds();
    }

    void state(RunState now) {
        state = now;
    }

    private void chunks(String chunkState, ToDoubleFunction<Progress> count) {
        gauge("backhoe.chunks", "Chunks by state.", Tags.of("state", chunkState), count);
    }

    private void workers(String kind, ToDoubleFunction<Progress> count) {
        gauge("backhoe.workers", "Workers that there may be, and those that have work.", Tags.of("kind", kind), count);
    }

    private interface End {
        Duration of(TimeLeft left);
    }

    private void remaining(String bound, End end) {
        gauge(
                "backhoe.remaining.seconds",
                "In which time the rest is expected to be done; eight of ten end between the two.",
                Tags.of("bound", bound),
                p -> {
                    TimeLeft left = p.pace().left();
                    return left == null ? Double.NaN : end.of(left).toNanos() / 1e9;
                });
    }

    private Counter counter(String name, String what, Iterable<Tag> more) {
        return Counter.builder(name).description(what).tags(tags.and(more)).register(registry);
    }

    /** Not a number before the first progress. */
    private void gauge(String name, String what, Iterable<Tag> more, ToDoubleFunction<Progress> value) {
        Gauge.builder(name, this, meters -> {
                    Progress progress = meters.last;
                    return progress == null ? Double.NaN : value.applyAsDouble(progress);
                })
                .description(what)
                .tags(tags.and(more))
                .strongReference(true)
                .register(registry);
    }
}
