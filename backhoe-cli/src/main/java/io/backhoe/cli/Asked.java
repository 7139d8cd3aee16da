package io.backhoe.cli;

import io.backhoe.report.RunReport;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.Locale;

/** What became of a request about a run that another process may execute. */
final class Asked {
    private Asked() {}

    static Answer answer(Out out, RunReport report, RunState wanted, Target target) {
        String flags = target.flags();
        var now = Took.now(report.run(), target.backhoe()::now);
        out.lines(new RunPage(out, report, now, flags).status());
        var data = RunDocument.of(report, now);
        RunState state = report.run().state();
        if (state == wanted) {
            return Answer.done(data);
        }
        return new Answer(
                data,
                new Failure(
                        ExitCode.CONFLICT,
                        "run_not_" + wanted.name().toLowerCase(Locale.ROOT),
                        "Run " + report.run().id() + " is " + state + ", not " + wanted + ".",
                        NextStep.of(report, flags),
                        false));
    }
}
