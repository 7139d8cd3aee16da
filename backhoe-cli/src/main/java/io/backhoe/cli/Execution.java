package io.backhoe.cli;

import io.backhoe.report.RunReport;
import io.backhoe.run.RunListener;
import io.backhoe.run.StopSignal;
import io.backhoe.value.SystemTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executes a run in this process: told line by line, stopped by signals, summed up at the end. */
final class Execution {
    /** What of {@code Backhoe} is executed. */
    interface Work {
        RunReport execute(StopSignal stop, RunListener listener);
    }

    /** @param elapsed how long this process worked on the run */
    record Executed(RunReport report, Duration elapsed, Instant ended) {
        Map<String, @Nullable Object> data() {
            return RunDocument.of(report, ended, elapsed);
        }
    }

    private static final String STOPPING =
            "stopping: open batches end within 5 s; Ctrl-C again leaves at once; resumable";

    private Execution() {}

    /** @param flags what a command needs to find the same database, with a leading space, or nothing */
    static Answer of(Out out, String flags, Work work) {
        var executed = report(out, work);
        out.line("");
        out.lines(new RunPage(out, executed.report(), executed.ended(), flags)
                .took(executed.elapsed())
                .end());
        return new Answer(executed.data(), Verdict.of(executed.report(), flags));
    }

    static Executed report(Out out, Work work) {
        var time = new SystemTime();
        var stop = new StopSignal();
        var lines = new ProgressLines(out::line, time);
        var interrupts = new Interrupts(signal -> {
            stop.request(signal);
            out.terminal().err().println(STOPPING);
        });
        long begun = time.nanos();
        try (interrupts) {
            RunReport report = work.execute(stop, lines);
            return new Executed(report, Duration.ofNanos(time.nanos() - begun), time.now());
        }
    }
}
