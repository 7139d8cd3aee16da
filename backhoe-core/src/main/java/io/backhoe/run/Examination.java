package io.backhoe.run;

import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.RunTable;
import io.backhoe.value.ExitCode;
import io.backhoe.value.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Has a run examined, on a thread of its own, while this one says that the executor lives and listens for a wish to stop.
 */
final class Examination {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Examiner examiner;
    private final Control control;
    private final Time time;
    private final StopSignal stop;
    private final RunListener listener;

    Examination(Examiner examiner, Control control, Time time, StopSignal stop, RunListener listener) {
        this.examiner = examiner;
        this.control = control;
        this.time = time;
        this.stop = stop;
        this.listener = listener;
    }

    /** @param halt why it came to nothing; null when there is an answer to each question */
    record Result(List<CheckRecord> answers, @Nullable Halt halt) {}

    Result of(RunRecord run) throws InterruptedException {
        return of(run, () -> examiner.examine(run, this::tell));
    }

    /** Of a run whose canary is done. */
    Result ofCanary(RunRecord run) throws InterruptedException {
        return of(run, () -> examiner.examineCanary(run, this::tell));
    }

    private Result of(RunRecord run, Callable<List<CheckRecord>> work) throws InterruptedException {
        var answers = new FutureTask<>(work);
        var thread = new Thread(answers, "backhoe-checks");
        thread.setDaemon(true);
        thread.start();
        long heartbeat = time.nanos();
        Halt halt = null;
        long since = 0;
        while (true) {
            try {
                var given = answers.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                return new Result(halt == null ? given : List.of(), halt);
            } catch (TimeoutException e) {
                if (halt == null) {
                    halt = wish();
                    since = time.nanos();
                    if (halt != null) {
                        examiner.stop();
                    }
                } else if (time.nanos() - since > PATIENCE.toNanos()) {
                    return new Result(List.of(), halt);
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("the checks themselves failed: " + e.getCause(), e.getCause());
            }
            if (time.nanos() - heartbeat > HEARTBEAT.toNanos()) {
                heartbeat = time.nanos();
                control.change(s -> RunTable.heartbeat(s, run.id(), run.epoch()));
            }
        }
    }

    private void tell(CheckRecord answer) {
        listener.event("check", "", answer.line());
    }

    private @Nullable Halt wish() throws InterruptedException {
        String reason = stop.reason();
        if (reason != null) {
            return Halt.pause(ExitCode.STOPPED, "stopped by " + reason + " while checks were asked");
        }
        // Of a run that has written everything, all that can still be stopped are its checks.
        return control.requests().stream()
                .filter(r -> r.verb().equals("pause") || r.verb().equals("cancel"))
                .findFirst()
                .map(r -> Halt.pause(ExitCode.STOPPED, "paused by " + r.requestedBy() + " while checks were asked"))
                .orElse(null);
    }
}
