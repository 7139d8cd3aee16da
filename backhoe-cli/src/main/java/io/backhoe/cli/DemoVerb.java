package io.backhoe.cli;

import io.backhoe.embedded.Version;
import io.backhoe.value.RunState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Fills a column of a million orders on a PostgreSQL of its own, and proves what it did. Needs "
                + "nothing installed, and leaves nothing behind.")
final class DemoVerb implements Verb {
    private static final long MOST_ROWS = 1_000_000_000;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Orders; default: ${DEFAULT-VALUE}.")
    private long rows;

    @Option(names = "--undo", description = "Take it back afterwards, and prove that too.")
    private boolean undo;

    @Option(names = "--keep", description = "Leave server and shop as they are, to look around.")
    private boolean keep;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Use this server: schema backhoe_demo, refused where it exists, removed at the end. The "
                    + "ledger (schema backhoe) stays.")
    private @Nullable String url;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Answer answer(Out out) {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new ParameterException(
                    command.commandLine(), "--rows is 1 to " + Figures.count(MOST_ROWS) + ", not " + rows);
        }
        try (DemoPlace place = place(out);
                var demo = new Demo(out, place, rows, keep);
                var interrupts = new Interrupts(signal -> demo.stop())) {
            try {
                return answer(out, place, demo);
            } finally {
                demo.removeShop();
            }
        }
    }

    private DemoPlace place(Out out) {
        if (url != null) {
            ConnectionOptions.warnOfSecret(out, url);
            var place = DemoPlace.at(url, out.terminal().env());
            out.line("Using " + place.target().description());
            return place;
        }
        out.line("Starting PostgreSQL " + Version.CURRENT.number().replaceFirst("\\.0$", "")
                + ", a server of the demo's own");
        var place = DemoPlace.ofItsOwn(keep);
        if (keep && place.server() != null) {
            out.line("  " + place.url() + ", until you type: " + place.server().stopCommand());
        }
        return place;
    }

    private Answer answer(Out out, DemoPlace place, Demo demo) {
        demo.makeShop();
        var before = demo.remember();
        var executed = demo.run(demo.plan());
        demo.page(executed);
        if (executed.report().run().state() == RunState.SUCCEEDED) {
            demo.prove(RunState.SUCCEEDED, before);
            if (undo) {
                executed = demo.undo(executed.report());
                demo.page(executed);
                if (executed.report().run().state() == RunState.ROLLED_BACK) {
                    demo.prove(RunState.ROLLED_BACK, before);
                }
            }
        }
        Map<String, @Nullable Object> data = new LinkedHashMap<>(executed.data());
        data.put("proofs", demo.proofs().stream().map(Proof::data).toList());
        data.put("url", keep ? place.url() : null);
        data.put("stop_command", keep && place.server() != null ? place.server().stopCommand() : null);
        Failure failure = demo.failure(executed.report());
        if (failure == null) {
            out.line("");
            out.line(DemoEnd.summary(executed, before));
            out.line("");
            out.lines(keep ? DemoEnd.nextHere(place, executed.report()) : DemoEnd.next(undo));
        }
        return new Answer(data, failure);
    }
}
