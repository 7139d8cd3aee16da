package io.backhoe.run;

import io.backhoe.ledger.RequestTable;
import io.backhoe.ledger.RunTable;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the workers until the last has ended: polls what people ask for, says that the executor lives, tells how far
 * it has got, and sees to it that a stop takes no longer than five seconds. Confined to one thread.
 */
final class Watch {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

    private final Execution execution;
    private final StopSignal stop;
    private final long begun;
    private final List<RequestTable.Request> requests = new ArrayList<>();
    private final Deque<long[]> readings = new ArrayDeque<>();
    private long lastHeartbeat;
    private long lastProgress;

    Watch(Execution execution, StopSignal stop) {
        this.execution = execution;
        this.stop = stop;
        this.begun = execution.time().nanos();
        this.lastHeartbeat = begun;
        this.lastProgress = begun;
    }

    @Nullable
    Halt halt() {
        return execution.gate().halt();
    }

    void over(Control control, int workers) throws InterruptedException {
        var crew = Stream.generate(() -> new Worker(execution)).limit(workers).toList();
        ExecutorService threads = Executors.newFixedThreadPool(workers, Watch::thread);
        crew.forEach(threads::execute);
        threads.shutdown();
        boolean ended = false;
        try (var hurry = new Hurry(execution, stop, crew, control)) {
            hurry.start();
            while (!threads.awaitTermination(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                listen(control);
                tell(control);
            }
            ended = true;
        } finally {
            if (!ended) {
                execution.gate().close(Halt.pause(ExitCode.UNEXPECTED, "the executor's own connection failed"));
                execution.queue().close();
                crew.forEach(Worker::cancel);
                threads.shutdownNow();
                if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    execution.listener().event("stop", "", "a worker has not ended yet; what it commits still counts");
                }
            }
        }
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "backhoe-worker");
        thread.setDaemon(true);
        return thread;
    }

    private void listen(Control control) throws InterruptedException {
        for (var request : control.requests()) {
            boolean known = requests.stream().anyMatch(r -> r.id() == request.id());
            if (!known) {
                requests.add(request);
                obey(request);
            }
        }
    }

    private void obey(RequestTable.Request request) {
        switch (request.verb()) {
            case "pause" -> execution.gate().close(Halt.pause(ExitCode.STOPPED, "paused by " + request.requestedBy()));
            case "cancel" -> execution.gate().close(Halt.cancel("cancelled by " + request.requestedBy()));
            default -> execution.listener().event("request", "", "'" + request.verb() + "' is not known here");
        }
    }

    private void tell(Control control) throws InterruptedException {
        long now = execution.time().nanos();
        if (now - lastHeartbeat >= HEARTBEAT.toNanos()) {
            lastHeartbeat = now;
            control.change(s ->
                    RunTable.heartbeat(s, execution.run().id(), execution.run().epoch()));
        }
        if (now - lastProgress >= TimeUnit.SECONDS.toNanos(1)) {
            lastProgress = now;
            execution.listener().progress(progress(now));
        }
    }

    private Progress progress(long now) {
        var tally = execution.tally();
        readings.addLast(new long[] {now, tally.examined.get()});
        while (readings.size() > 2 && now - readings.getFirst()[0] > RATE_WINDOW.toNanos()) {
            readings.removeFirst();
        }
        long[] first = readings.getFirst();
        double seconds = (now - first[0]) / 1e9;
        double rate = seconds < 2 ? -1 : (tally.examined.get() - first[1]) / seconds;
        return new Progress(
                execution.run().id(),
                execution.run().state(),
                tally.chunks,
                tally.done.get(),
                tally.failed.get(),
                tally.estimatedRows,
                tally.examined.get(),
                tally.changed.get(),
                tally.quarantined.get(),
                execution.queue().busy(),
                rate,
                Duration.ofNanos(now - begun));
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
