package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
import io.backhoe.notify.Collector;
import io.backhoe.notify.LineageBackend;
import io.backhoe.notify.LineageListener;
import io.backhoe.notify.MetricsListener;
import io.backhoe.notify.Teller;
import io.backhoe.notify.TracesListener;
import io.backhoe.notify.Trouble;
import io.backhoe.notify.Webhook;
import io.backhoe.notify.WebhookListener;
import io.backhoe.plan.Plan;
import io.backhoe.report.KnownRun;
import io.backhoe.report.RunReport;
import io.backhoe.run.BatchOutcome;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.throttle.Reading;
import io.backhoe.spec.Secrets;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.SystemTime;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells those whom the plan of a run names, the command or the environment, how it goes. That nobody can be told is said,
 * noted in the ledger, and stops nothing. Where nobody is named, nothing is loaded for it.
 */
final class Telling implements RunListener, AutoCloseable {
    private static final String COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String LINEAGE = "OPENLINEAGE_URL";

    private final Target target;
    private final Map<String, String> env;
    private final RunListener view;
    /** Told in this order, and closed from the last: metrics know first how a run ended, and are there until others know. */
    private final List<Teller> tellers = new ArrayList<>();

    private volatile RunListener all = RunListener.NONE;
    private @Nullable Plan executed;

    /**
     * @param view told as well when nobody hears
     * @param metrics where they are shown; null for nowhere
     */
    Telling(Target target, Out out, RunListener view, @Nullable InetSocketAddress metrics) {
        this.target = target;
        this.env = out.terminal().env();
        this.view = view;
        if (metrics != null) {
            var shown = MetricsListener.at(metrics, new SystemTime());
            tellers.add(shown);
            out.line("Metrics: http://" + metrics.getHostString() + ":"
                    + shown.address().getPort() + "/metrics");
        }
    }

    @Override
    public void plan(Plan plan) {
        executed = plan;
    }

    @Override
    public void begins(long runId) {
        Plan plan = executed;
        if (plan == null) {
            return;
        }
        var trouble = new Noted(runId);
        if (plan.spec().monitoring().webhook() != null) {
            make(
                    trouble,
                    () -> Webhook.of(plan.spec().monitoring(), new Secrets(env))
                            .map(to -> new WebhookListener(to, new SystemTime(), trouble)));
        }
        if (env.containsKey(COLLECTOR)) {
            make(trouble, () -> Collector.of(env).map(to -> new TracesListener(to, new SystemTime(), trouble)));
        }
        if (env.containsKey(LINEAGE)) {
            make(trouble, () -> lineage(env, () -> target.backhoe().known(runId, plan), trouble));
        }
        tellers.forEach(teller -> all = all.and(teller));
        all.plan(plan);
        all.begins(runId);
    }

    private static Optional<? extends Teller> lineage(
            Map<String, String> env, Supplier<KnownRun> run, Trouble trouble) {
        return LineageBackend.of(env).map(to -> new LineageListener(to, run.get(), new SystemTime(), trouble));
    }

    /** Has a run cancelled; where no process works on it, nobody else tells that it has ended. */
    static RunReport cancelling(Target target, Out out, long runId, Supplier<RunReport> cancel) {
        var env = out.terminal().env();
        var run = env.containsKey(LINEAGE) ? target.backhoe().status(runId, 0).run() : null;
        if (run == null || run.executed() || run.state() == RunState.CANCELLED) {
            return cancel.get();
        }
        try (var telling = new Telling(target, out, new ProgressLines(out::line, new SystemTime()), null)) {
            var trouble = telling.new Noted(runId);
            telling.make(trouble, () -> lineage(env, () -> target.backhoe().known(runId), trouble));
            RunReport report = cancel.get();
            telling.event(Kind.STATE.word(), "", report.run().state().name());
            telling.ended(report);
            return report;
        }
    }

    private void make(Trouble trouble, Supplier<Optional<? extends Teller>> teller) {
        try {
            teller.get().ifPresent(made -> tellers.add(made));
        } catch (BackhoeException | DatabaseException e) {
            all = all.and(new Deaf(trouble, e.getMessage()));
        }
    }

    /** What this process notices is noted once it has taken the run over, which it does before the first state. */
    private static final class Deaf implements RunListener {
        private final AtomicBoolean said = new AtomicBoolean();
        private final Trouble trouble;
        private final String why;

        Deaf(Trouble trouble, @Nullable String why) {
            this.trouble = trouble;
            this.why = "nobody is told of the run: " + why;
        }

        @Override
        public void event(String kind, String chunk, String message) {
            if (kind.equals(Kind.STATE.word()) && !said.getAndSet(true)) {
                trouble.lost(why);
            }
        }
    }

    @Override
    public void event(String kind, String chunk, String message) {
        all.event(kind, chunk, message);
    }

    @Override
    public void batch(BatchOutcome batch) {
        all.batch(batch);
    }

    @Override
    public void reading(Reading reading) {
        all.reading(reading);
    }

    @Override
    public void progress(Progress progress) {
        all.progress(progress);
    }

    void ended(RunReport report) {
        boolean well = Verdict.exit(report.run()) == ExitCode.SUCCESS;
        tellers.forEach(teller -> teller.ended(report, well ? null : NextStep.of(report, target.flags())));
    }

    void broke(RuntimeException why) {
        tellers.forEach(teller -> teller.broke(why));
    }

    @Override
    public void close() {
        for (int i = tellers.size() - 1; i >= 0; i--) {
            tellers.get(i).close();
        }
    }

    /** Says it here, and to those who look at the run from elsewhere. */
    private final class Noted implements Trouble {
        private final long runId;
        private final AtomicInteger deaf = new AtomicInteger();

        Noted(long runId) {
            this.runId = runId;
        }

        @Override
        public void lost(String message) {
            deaf.incrementAndGet();
            note(Kind.WEBHOOK_LOST, message);
        }

        @Override
        public void back(String message) {
            if (deaf.decrementAndGet() == 0) {
                note(Kind.WEBHOOK_BACK, message);
            } else {
                view.event(Kind.WEBHOOK_BACK.word(), "", message);
            }
        }

        private void note(Kind kind, String message) {
            view.event(kind.word(), "", message);
            try {
                target.backhoe().note(runId, kind, message);
            } catch (BackhoeException | DatabaseException e) {
                // Said here it is; a run does not stop because its server was out of reach just now.
                view.event(kind.word(), "", "which the ledger does not know: it was out of reach");
            }
        }
    }
}
