package io.backhoe.cli;

import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import io.backhoe.value.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes a run in this process: shown on the terminal or told line by line, stopped by signals and keys, summed up at
 * the end.
 */
final class Execution {
    /** What of {@code Backhoe} is executed. */
    interface Work {
        RunReport execute(StopSignal stop, RunListener listener);
    }

    /**
     * @param elapsed how long this process worked on the run
     * @param left whether somebody wants it to go on without this process
     */
    record Executed(RunReport report, Duration elapsed, Instant ended, boolean left) {
        Map<String, @Nullable Object> data() {
            return RunDocument.of(report, ended, elapsed);
        }
    }

    private static final String STOPPING =
            "stopping: open batches end within 5 s; Ctrl-C again leaves at once; resumable";

    private Execution() {}

    static Answer of(Out out, Target target, ExecutionOptions options, Work work) {
        Work told = told(out, target, options, work);
        var executed =
                options.plain() || !out.isScreen() ? report(out, options.lines(out), told) : watched(out, target, told);
        if (executed.left() && executed.report().run().state() == RunState.PAUSED) {
            long runId = executed.report().run().id();
            out.lines(new Successor(target.backhoe(), new SystemTime()).start(runId, target.flags()));
            return Answer.done(RunDocument.of(target.backhoe().report(runId), new SystemTime().now()));
        }
        out.line("");
        out.lines(new RunPage(out, executed.report(), executed.ended(), target.flags())
                .took(executed.elapsed())
                .end());
        return new Answer(executed.data(), Verdict.of(executed.report(), target.flags()));
    }

    /** Told line by line. */
    static Executed report(Out out, Work work) {
        return report(out, new ProgressLines(out::line, new SystemTime()), work);
    }

    private static Executed report(Out out, RunListener lines, Work work) {
        var stop = new StopSignal();
        var interrupts = new Interrupts(signal -> {
            stop.request(signal);
            out.terminal().err().println(STOPPING);
        });
        try (interrupts) {
            return timed(work, stop, lines);
        }
    }

    private static Executed timed(Work work, StopSignal stop, RunListener listener) {
        var time = new SystemTime();
        long begun = time.nanos();
        RunReport report = work.execute(stop, listener);
        return new Executed(report, Duration.ofNanos(time.nanos() - begun), time.now(), false);
    }

    /** The same, and those are told whom its plan or the command names. */
    private static Work told(Out out, Target target, ExecutionOptions options, Work work) {
        return (stop, view) -> {
            try (var telling = new Telling(target, out, view, options.metrics())) {
                return told(telling, () -> work.execute(stop, view.and(telling)));
            }
        };
    }

    private static RunReport told(Telling telling, Supplier<RunReport> work) {
        try {
            RunReport report = work.get();
            telling.ended(report);
            return report;
        } catch (RuntimeException e) {
            telling.broke(e);
            throw e;
        }
    }

    /** On the whole terminal. */
    private static Executed watched(Out out, Target target, Work work) {
        var stop = new StopSignal();
        var actions = new Here(target, stop);
        try (var view = new LiveView(out.terminal(), new SystemTime(), actions);
                var interrupts = new Interrupts(signal -> {
                    stop.request(signal);
                    view.say(STOPPING);
                })) {
            var executed = timed(work, stop, actions.noting(view));
            return new Executed(executed.report(), executed.elapsed(), executed.ended(), actions.left);
        }
    }

    /** What keys do to a run of this process. */
    private static final class Here implements LiveKeys.Actions {
        private final Target target;
        private final StopSignal stop;
        private final AtomicLong runId = new AtomicLong();
        private volatile boolean left;

        Here(Target target, StopSignal stop) {
            this.target = target;
            this.stop = stop;
        }

        RunListener noting(RunListener view) {
            return view.and(new RunListener() {
                @Override
                public void begins(long run) {
                    runId.set(run);
                }
            });
        }

        @Override
        public void pause() {
            stop.request("key p");
        }

        @Override
        public @Nullable String workers(int wished) {
            return Tuner.workers(target, runId.get(), wished);
        }

        @Override
        public void leave() {
            left = true;
            stop.request("key q, to go on in another process");
        }

        @Override
        public String leaveQuestion() {
            return "p pauses the run, l leaves it running in the background, any other key goes on watching";
        }
    }
}
