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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
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
        var notes = new Notes(runId);
        if (plan.spec().monitoring().webhook() != null) {
            make(
                    notes,
                    trouble -> Webhook.of(plan.spec().monitoring(), new Secrets(env))
                            .map(to -> new WebhookListener(to, target.flags(), new SystemTime(), trouble)));
        }
        if (env.containsKey(COLLECTOR)) {
            make(notes, trouble -> Collector.of(env).map(to -> new TracesListener(to, new SystemTime(), trouble)));
        }
        if (env.containsKey(LINEAGE)) {
            make(notes, trouble -> lineage(env, () -> target.backhoe().known(runId, plan), trouble));
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
            var notes = telling.new Notes(runId);
            telling.make(notes, trouble -> lineage(env, () -> target.backhoe().known(runId), trouble));
            RunReport report = cancel.get();
            telling.event(Kind.STATE.word(), "", report.run().state().name());
            telling.ended(report);
            return report;
        }
    }

    private void make(Notes notes, Function<Trouble, Optional<? extends Teller>> teller) {
        var trouble = new Noted(notes);
        try {
            teller.apply(trouble).ifPresent(made -> tellers.add(made));
        } catch (BackhoeException | DatabaseException e) {
            all = all.and(new Deaf(trouble, e.getMessage()));
        } catch (RuntimeException e) {
            // Not its message, which may tell a secret.
            all = all.and(new Deaf(trouble, "unexpected: " + e.getClass().getName()));
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

    /** For another process of ours. */
    void left(RunReport report) {
        tellers.forEach(teller -> teller.left(report));
    }

    void broke(Throwable why) {
        tellers.forEach(teller -> teller.broke(why));
    }

    /** All at once, as each takes its time; metrics last, which they are there for. */
    @Override
    public void close() {
        var last = tellers.stream().filter(MetricsListener.class::isInstance).toList();
        var threads = tellers.stream()
                .filter(teller -> !last.contains(teller))
                .map(teller -> new Thread(teller::close, "backhoe-last-words"))
                .toList();
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        last.forEach(Teller::close);
    }

    /** Says it here, and to those who look at the run from elsewhere. Thread-safe. */
    private final class Notes {
        private final long runId;
        private final Map<Trouble, String> deaf = new LinkedHashMap<>();

        Notes(long runId) {
            this.runId = runId;
        }

        synchronized void lost(Trouble who, String message) {
            deaf.put(who, message);
            note(Kind.WEBHOOK_LOST, message);
        }

        /** The ledger names one who does not hear, as long as there is one. */
        synchronized void back(Trouble who, String message) {
            deaf.remove(who);
            if (deaf.isEmpty()) {
                note(Kind.WEBHOOK_BACK, message);
            } else {
                view.event(Kind.WEBHOOK_BACK.word(), "", message);
                note(Kind.WEBHOOK_LOST, deaf.values().iterator().next());
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

    /** Of one who is told. */
    private static final class Noted implements Trouble {
        private final Notes notes;

        Noted(Notes notes) {
            this.notes = notes;
        }

        @Override
        public void lost(String message) {
            notes.lost(this, message);
        }

        @Override
        public void back(String message) {
            notes.back(this, message);
        }
    }
}
