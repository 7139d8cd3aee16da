package io.backhoe.cli;

import io.backhoe.ledger.RunRecord;
import io.backhoe.report.RunReport;
import io.backhoe.run.Progress;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.RunState;
import io.backhoe.value.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
     * @param chunksEnded how many chunks came to their end here
     */
    record Executed(RunReport report, Duration elapsed, Instant ended, boolean left, int chunksEnded) {
        Map<String, @Nullable Object> data() {
            return RunDocument.of(report, ended, elapsed);
        }
    }

    private static final String STOPPING =
            "stopping: open batches end within 5 s; Ctrl-C again leaves at once; resumable";
    private static final String LEFT =
            "Left at once. The server rolls back what was open, and what was committed stays; backhoe resume goes on.";
    private static final String TO_LEAVE = "key q, to go on in another process";

    private Execution() {}

    /** A run that was paused by something else does not go on by itself. */
    private static boolean stoppedForIt(RunRecord run) {
        return run.state() == RunState.PAUSED && String.valueOf(run.reason()).endsWith(TO_LEAVE);
    }

    static Answer of(Out verb, Target target, ExecutionOptions options, Work work) {
        return of(verb, target, options, new PluginOption(), work);
    }

    /** @param plugins which whoever goes on elsewhere needs too */
    static Answer of(Out verb, Target target, ExecutionOptions options, PluginOption plugins, Work work) {
        Out out = options.talk(verb);
        Work told = told(out, target, options, work);
        var executed = options.plain() || !out.isScreen()
                ? report(out, options.lines(out, target), told)
                : watched(out, target, options.lines(out, target), told);
        if (executed.left() && stoppedForIt(executed.report().run())) {
            long runId = executed.report().run().id();
            var words = new ArrayList<>(options.without(executed.chunksEnded()));
            words.addAll(plugins.words());
            out.lines(new Successor(target, new SystemTime()).start(runId, words));
            var status = target.backhoe().status(runId, Integer.MAX_VALUE);
            return Answer.done(RunDocument.of(status.report(), status.readAt()));
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
        try (interrupts;
                var log = closing(lines)) {
            return timed(work, stop, lines);
        }
    }

    private interface Closing extends AutoCloseable {
        @Override
        void close();
    }

    /** A log has more to tell when the work has ended. */
    private static Closing closing(RunListener lines) {
        return lines instanceof LogLines log ? log::close : () -> {};
    }

    private static Executed timed(Work work, StopSignal stop, RunListener listener) {
        var time = new SystemTime();
        long begun = time.nanos();
        RunReport report = work.execute(stop, listener);
        var took = Duration.ofNanos(time.nanos() - begun);
        return new Executed(report, took, Took.now(report.run(), time::now), false, 0);
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
            if (stoppedForIt(report.run())) {
                telling.left(report);
            } else {
                telling.ended(report);
            }
            return report;
        } catch (RuntimeException | Error e) {
            telling.broke(e);
            throw e;
        }
    }

    /** On the whole terminal. */
    private static Executed watched(Out out, Target target, RunListener lines, Work work) {
        var stop = new StopSignal();
        var actions = new Here(target, stop);
        try (var view = new LiveView(out.terminal(), new SystemTime(), actions, lines);
                var interrupts = new Interrupts(
                        signal -> {
                            stop.request(signal);
                            view.say(STOPPING);
                        },
                        () -> {
                            view.abandon();
                            out.terminal().err().println(LEFT);
                        })) {
            var executed = timed(work, stop, actions.noting(view));
            return new Executed(
                    executed.report(), executed.elapsed(), executed.ended(), actions.left, actions.chunksEnded());
        }
    }

    /** What keys do to a run of this process. */
    private static final class Here implements LiveKeys.Actions {
        private final Target target;
        private final StopSignal stop;
        private final AtomicLong runId = new AtomicLong();
        private final AtomicReference<@Nullable Progress> first = new AtomicReference<>();
        private final AtomicReference<@Nullable Progress> last = new AtomicReference<>();
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

                @Override
                public void progress(Progress progress) {
                    first.compareAndSet(null, progress);
                    last.set(progress);
                }
            });
        }

        int chunksEnded() {
            return ended(last.get()) - ended(first.get());
        }

        private static int ended(@Nullable Progress progress) {
            return progress == null ? 0 : progress.chunksDone() + progress.chunksFailed();
        }

        @Override
        public @Nullable String pause() {
            stop.request("key p");
            return null;
        }

        @Override
        public LiveKeys.Outcome workers(int wished) {
            return Tuner.workers(target, runId.get(), wished);
        }

        @Override
        public void leave() {
            left = true;
            stop.request(TO_LEAVE);
        }

        @Override
        public String leaveQuestion() {
            return "p pauses the run, l leaves it running in the background, any other key goes on watching";
        }
    }
}
