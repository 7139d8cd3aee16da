package io.backhoe.cli;

import io.backhoe.database.DatabaseException;
import io.backhoe.database.ErrorKind;
import io.backhoe.database.Session;
import io.backhoe.embedded.DemoShop;
import io.backhoe.plan.Plan;
import io.backhoe.report.RunReport;
import io.backhoe.run.RunOptions;
import io.backhoe.spec.SpecFile;
import io.backhoe.spec.SpecOverrides;
import io.backhoe.value.BackhoeException;
import io.backhoe.value.ExitCode;
import io.backhoe.value.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The demo's steps, one after the other. For one thread; {@link #stop} is for any. */
final class Demo implements AutoCloseable {
    private static final RunOptions OPTIONS = new RunOptions(null, null, Requester.name());

    private final Out out;
    private final DemoPlace place;
    private final DemoShop shop;
    private final Session session;
    private final boolean keep;
    private final List<Proof> proofs = new ArrayList<>();
    private volatile boolean stopped;
    private boolean made;

    /** @param keep whether shop and runs stay as they are when this is closed */
    Demo(Out out, DemoPlace place, long rows, boolean keep) {
        this.out = out;
        this.place = place;
        this.keep = keep;
        this.shop = new DemoShop(place.schema(), rows);
        this.session = place.target().database().open("backhoe demo", Map.of());
    }

    List<Proof> proofs() {
        return List.copyOf(proofs);
    }

    /** Ends the step that goes on, if it is not a run, which hears signals itself. */
    void stop() {
        stopped = true;
        session.cancel();
    }

    void makeShop() {
        if (!session.query("SELECT 1 FROM pg_namespace WHERE nspname = :schema", Map.of("schema", shop.schema()))
                .isEmpty()) {
            throw new BackhoeException(
                    ExitCode.REFUSED,
                    "schema_exists",
                    "There is a schema " + shop.schema() + " in "
                            + place.target().description() + " already. The demo does not touch it.",
                    "If an earlier demo left it: psql " + place.url() + " -c 'DROP SCHEMA " + shop.schema()
                            + " CASCADE'");
        }
        out.line("Filling a shop: " + Figures.count(shop.orders()) + " orders of 2023, "
                + Figures.count(shop.customers()) + " customers (schema " + shop.schema() + ")");
        made = true;
        interruptibly(() -> shop.createStatements().forEach(session::execute));
    }

    DemoProofs remember() {
        var remembered = new ArrayList<DemoProofs>();
        interruptibly(() -> remembered.add(new DemoProofs(session, shop.schema())));
        var before = remembered.get(0);
        out.line("  " + Figures.count(before.filledBefore())
                + " orders have a customer_tier, written by the application; " + Figures.count(before.missingBefore())
                + " lack one.");
        return before;
    }

    Plan plan() {
        String yaml = DemoSpec.yaml(shop.schema());
        out.line("");
        out.line("What you would write, " + DemoSpec.NAME + ".yaml:");
        yaml.lines().forEach(line -> out.line("    " + line));
        out.line("");
        var read = SpecFile.read(yaml, DemoSpec.NAME + ".yaml", SpecOverrides.NONE);
        var planned = new ArrayList<Plan>();
        interruptibly(() -> planned.add(place.target().backhoe().plan(read.spec(), read.warnings())));
        Plan plan = planned.get(0);
        out.line("Planned: " + plan.chunks().size() + " chunks, about "
                + Figures.rows(PlanDocument.estimatedRows(plan)) + ", along index "
                + plan.access().index() + "; what is overwritten is kept for undo.");
        return plan;
    }

    Execution.Executed run(Plan plan) {
        out.line("Running");
        return Execution.report(
                out, (stop, listener) -> place.target().backhoe().run(plan, OPTIONS, stop, listener));
    }

    Execution.Executed undo(RunReport run) {
        out.line("");
        out.line("Taking it back: backhoe rollback " + run.run().id());
        return Execution.report(
                out,
                (stop, listener) ->
                        place.target().backhoe().rollback(run.run().id(), List.of(), OPTIONS, stop, listener));
    }

    /** What has to be true of the orders now. */
    void prove(RunState state, DemoProofs before) {
        interruptibly(() -> {
            var found = state == RunState.ROLLED_BACK ? before.afterUndo() : before.afterRun();
            found.forEach(proof -> out.line(proof.line(out)));
            proofs.addAll(found);
        });
    }

    void page(Execution.Executed executed) {
        var page = new RunPage(
                out, executed.report(), executed.ended(), place.target().flags());
        out.line("");
        out.lines(page.took(executed.elapsed()).result());
        out.line("");
    }

    @Nullable
    Failure failure(RunReport report) {
        Failure verdict = Verdict.of(report, place.target().flags());
        if (verdict != null) {
            String hint = keep ? verdict.hint() : "backhoe demo (what this one had filled is removed)";
            return new Failure(verdict.exit(), verdict.code(), verdict.message(), hint, verdict.retryable());
        }
        var broken = proofs.stream().filter(p -> !p.holds()).map(Proof::name).toList();
        return broken.isEmpty()
                ? null
                : new Failure(
                        ExitCode.CHECK_FAILED,
                        "proof_failed",
                        "The demo does not prove: " + String.join(", ", broken) + ".",
                        "This is a bug in Backhoe; please report it with what stands above.",
                        false);
    }

    /** Removes what the demo made, where the server stays. Its runs stay in the ledger, and none of them open. */
    void removeShop() {
        if (made && !keep && place.server() == null) {
            var backhoe = place.target().backhoe();
            backhoe.list(100).stream()
                    .filter(run -> run.table().equals(shop.schema() + ".orders"))
                    .filter(run -> run.state().mayBecome(RunState.CANCELLED) && !run.executed())
                    .forEach(run -> backhoe.cancel(run.id(), OPTIONS.requestedBy()));
            session.execute(shop.dropStatement());
            out.line("Schema " + shop.schema() + " is removed again; the ledger (schema backhoe) stays.");
        }
    }

    private void interruptibly(Runnable step) {
        try {
            refuseStopped();
            step.run();
            refuseStopped();
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.CANCELLED) {
                refuseStopped();
            }
            throw e;
        }
    }

    private void refuseStopped() {
        if (stopped) {
            throw new BackhoeException(ExitCode.INTERRUPTED, "interrupted", "The demo was stopped.", "backhoe demo");
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
