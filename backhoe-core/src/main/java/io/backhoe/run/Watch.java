package io.backhoe.run;

import io.backhoe.ledger.EventTable;
import io.backhoe.ledger.PaceTable;
import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunTable;
import io.backhoe.ledger.SignalRecord;
import io.backhoe.ledger.SignalTable;
import io.backhoe.run.throttle.Punctuality;
import io.backhoe.run.throttle.Reading;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the workers until the last has ended: polls what people ask for, says that the executor lives, writes down how
 * far it has got, and sees to it that a stop takes no longer than five seconds. Confined to one thread.
 */
final class Watch {
    /** What people ask for is heard of so soon, also while the run is held. */
    static final Duration POLL = Duration.ofMillis(500);

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final Duration WRITE_EVERY = Duration.ofSeconds(2);

    private final Execution execution;
    private final StopSignal stop;
    private final Crew crew;
    private final Standing standing;
    private final List<RequestTable.Request> requests = new ArrayList<>();
    private final @Nullable Punctuality punctuality;
    private long lastHeartbeat;
    private long lastWritten;

    Watch(Execution execution, StopSignal stop) {
        this.execution = execution;
        this.stop = stop;
        this.crew = new Crew(execution);
        this.standing = new Standing(execution);
        var pacing = execution.throttling().pacing();
        this.punctuality = pacing.deadline() == null ? null : new Punctuality(pacing.deadline(), pacing.runBetween());
        this.lastHeartbeat = execution.time().nanos();
        this.lastWritten = lastHeartbeat;
    }

    @Nullable
    Halt halt() {
        return execution.gate().halt();
    }

    void over(Control control) throws InterruptedException {
        // Whoever stopped while its checks were asked has the canary's rows already.
        execution.canary().examined(0, execution.gate());
        crew.fill();
        boolean ended = false;
        try (var hurry = new Hurry(execution, stop, crew, control);
                var signals = new Signals(execution, crew);
                // Those who are told want to hear just then when the server does not answer.
                var narration = new Ticker(
                        execution,
                        "narration",
                        TELL_EVERY,
                        () -> execution.listener().progress(standing.progress()))) {
            hurry.start();
            narration.start();
            signals.start();
            while (!crew.await(POLL)) {
                listen(control);
                note(control);
                execution.order().keep(execution, control);
                if (!execution.gate().isOpen()) {
                    // Whoever waits for what may not begin yet hears of it in no other way.
                    execution.queue().close();
                }
            }
            write(control);
            ended = true;
        } finally {
            if (!ended) {
                execution.gate().close(Halt.pause(ExitCode.UNEXPECTED, "the executor's own connection failed"));
                execution.queue().close();
                crew.cancel();
                execution.call().interrupt();
                if (!crew.await(PATIENCE)) {
                    execution.listener().event("stop", "", "a worker has not ended yet; what it commits still counts");
                }
            }
        }
    }

    private void listen(Control control) throws InterruptedException {
        for (var request : control.requests()) {
            boolean known = requests.stream().anyMatch(r -> r.id() == request.id());
            if (!known) {
                obey(control, request);
            }
        }
    }

    private void obey(Control control, RequestTable.Request request) throws InterruptedException {
        switch (request.verb()) {
            case "pause" -> {
                requests.add(request);
                execution.gate().close(Halt.pause(ExitCode.STOPPED, "paused by " + request.requestedBy()));
            }
            case "cancel" -> {
                requests.add(request);
                execution.gate().close(Halt.cancel("cancelled by " + request.requestedBy()));
            }
            case "tune" -> tune(control, request);
            default -> {
                execution.listener().event("request", "", "'" + request.verb() + "' is not known here");
                control.change(s -> RequestTable.close(s, request.id(), "not known"));
            }
        }
    }

    private void tune(Control control, RequestTable.Request request) throws InterruptedException {
        var run = execution.run();
        control.change(s -> RunTable.tune(s, run.id(), run.epoch(), request.tuning(), request.requestedBy()));
        execution.throttling().tune(request.tuning());
        crew.fill();
        execution.listener().event("tuned", "", request.tuning() + ", by " + request.requestedBy());
        control.change(s -> RequestTable.close(s, request.id(), RequestTable.TUNED));
    }

    private void note(Control control) throws InterruptedException {
        long now = execution.time().nanos();
        if (now - lastHeartbeat >= HEARTBEAT.toNanos()) {
            lastHeartbeat = now;
            control.change(s ->
                    RunTable.heartbeat(s, execution.run().id(), execution.run().epoch()));
        }
        if (now - lastWritten >= WRITE_EVERY.toNanos()) {
            lastWritten = now;
            write(control);
        }
        Backing backing = execution.backing();
        if (backing != null) {
            backing.beat(control);
        }
    }

    /** What other processes are told. */
    private void write(Control control) throws InterruptedException {
        var progress = standing.progress();
        var lost = execution.losses().drain();
        long run = execution.run().id();
        double millis = control.durably(s -> {
            long since = execution.time().nanos();
            PaceTable.write(s, run, progress.pace());
            return (execution.time().nanos() - since) / 1e6;
        });
        execution.throttling().read(Reading.of(SignalName.COMMIT_LATENCY, millis, ""));
        control.change(s -> PaceTable.lost(s, run, lost));
        var signals = signals(progress);
        control.change(s -> SignalTable.write(s, run, signals));
        tellLedger(control);
    }

    private List<SignalRecord> signals(Progress progress) {
        var signals = new ArrayList<>(execution.throttling().signals());
        if (punctuality != null) {
            var pace = progress.pace();
            long rest = Math.max(0, progress.estimatedRows() - progress.examined());
            var now = execution.time().now();
            var said = punctuality.look(now, rest, pace.rowsPerSecond(), pace.left());
            if (said != null) {
                execution.throttling().tell(said);
            }
            signals.add(punctuality.standing(now, rest, pace.rowsPerSecond()));
        }
        return signals;
    }

    /** What was decided about the pace; in order, and kept until it is written. */
    private void tellLedger(Control control) throws InterruptedException {
        var throttling = execution.throttling();
        for (var decision = throttling.next(); decision != null; decision = throttling.next()) {
            String kind = Throttling.kind(decision).word();
            String message = decision.message();
            control.change(s -> EventTable.note(s, execution.run().id(), kind, message));
            throttling.told();
        }
    }

    /** Whoever asked for something learns what became of it. */
    void answerRequests(Control control, RunState state) throws InterruptedException {
        requests.addAll(control.requests().stream()
                .filter(r -> requests.stream().noneMatch(known -> known.id() == r.id()))
                .toList());
        for (var request : requests) {
            control.change(s -> RequestTable.close(s, request.id(), state.name()));
        }
    }
}
