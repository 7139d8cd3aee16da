package io.backhoe.notify;

import io.backhoe.plan.Plan;
import io.backhoe.report.RunReport;
import io.backhoe.run.BatchOutcome;
import io.backhoe.run.Progress;
import io.backhoe.run.throttle.Reading;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.Time;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets Prometheus read how a run goes, at {@code /metrics}, while this process works on it. */
public final class MetricsListener implements Teller {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Time time;
    private final MetricsServer server;
    private String name = "";
    private String table = "";
    private volatile @Nullable Meters meters;
    private @Nullable String held;
    private long since;

    private MetricsListener(InetSocketAddress at, Time time) throws IOException {
        this.time = time;
        this.server = new MetricsServer(at, registry::scrape);
    }

    /** @throws BackhoeException USAGE {@code metrics_port_not_usable} */
    public static MetricsListener at(InetSocketAddress at, Time time) {
        try {
            return new MetricsListener(at, time);
        } catch (IOException e) {
            throw new BackhoeException(
                    ExitCode.USAGE,
                    "metrics_port_not_usable",
                    "Metrics cannot be shown at " + at.getHostString() + ":" + at.getPort() + ": " + e.getMessage()
                            + ". Nothing was run.",
                    "Give --metrics-port another port, or an address of this machine.",
                    e);
        }
    }

    /** Where it listens; the port is never 0. */
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void plan(Plan plan) {
        name = plan.spec().about().name();
        table = plan.spec().scope().table().toString();
    }

    @Override
    public void begins(long runId) {
        meters = new Meters(registry, new Subject(runId, name, table), time::nanos);
    }

    @Override
    public void batch(BatchOutcome batch) {
        Meters of = meters;
        if (of != null) {
            of.batch(batch);
        }
    }

    @Override
    public void reading(Reading reading) {
        Meters of = meters;
        if (of != null) {
            of.reading(reading);
        }
    }

    @Override
    public synchronized void progress(Progress progress) {
        Meters of = meters;
        if (of == null) {
            return;
        }
        of.progress(progress);
        long now = time.nanos();
        String signal = progress.held();
        if (signal != null && signal.equals(held)) {
            of.held(signal, Duration.ofNanos(now - since));
        }
        held = signal;
        since = now;
    }

    @Override
    public void event(String kind, String chunk, String message) {
        Meters of = meters;
        if (of != null && kind.equals(Kind.STATE.word())) {
            Stream.of(RunState.values())
                    .filter(state -> state.name().equals(message))
                    .forEach(of::state);
        }
    }

    @Override
    public void ended(RunReport report, @Nullable String command) {
        Meters of = meters;
        if (of != null) {
            of.state(report.run().state());
        }
    }

    @Override
    public void left(RunReport report) {
        ended(report, null);
    }

    @Override
    public void broke(Throwable why) {}

    @Override
    public void close() {
        server.close();
        registry.close();
    }
}
