package io.backhoe.run.throttle;

import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A primary with one replica, in steps of a tenth of a second: a run writes as fast as its course lets it, and the replica
 * replays at some share of the run's full speed. Read once a second, as a real one is.
 */
final class SimulatedServer {
    private static final double STEP = 0.1;

    private final Controller controller;
    private final int most;
    private long nanos;
    private double written;
    private double replayed;
    /** Of the run's full speed, what the replica bears. */
    double replays = 1;
    /** What others write, in the same measure. */
    double others;

    boolean answers = true;
    /** What is read besides the lag, once a second. */
    Supplier<List<Reading>> says = List::of;

    private final ReplicaLag lag = new ReplicaLag();
    final List<Decision> decisions = new ArrayList<>();
    double worstLag;
    private int holds;
    private boolean held;
    private double worked;
    private double full;

    SimulatedServer(Function<LongSupplier, Controller> made, int most) {
        this.most = most;
        this.controller = made.apply(() -> nanos);
    }

    Controller controller() {
        return controller;
    }

    int holds() {
        return holds;
    }

    /** What the run has done since this was last asked, as a share of what it would have done at full speed. */
    double share() {
        double share = worked / full;
        worked = 0;
        full = 0;
        return share;
    }

    void pass(Duration time) {
        long steps = Math.round(time.toMillis() / 1000.0 / STEP);
        for (long step = 0; step < steps; step++) {
            nanos += (long) (STEP * 1e9);
            var course = controller.course();
            boolean holding = course.hold() != null;
            double speed = holding ? 0 : course.workers() / (1 + course.rest()) / most;
            worked += speed * STEP;
            full += STEP;
            written += (speed + others) * STEP;
            replayed = Math.min(written, replayed + replays * STEP);
            holds += holding && !held ? 1 : 0;
            held = holding;
            if (step % 10 == 0 && answers) {
                read();
            }
            controller.decide();
            decisions.addAll(controller.drain());
        }
    }

    private void read() {
        lag.written(nanos, (long) (written * 1e6));
        double behind = lag.behind(nanos, (long) (replayed * 1e6));
        worstLag = Math.max(worstLag, behind);
        controller.read(Reading.of(SignalName.REPLICA_LAG, behind, "replica_1"));
        says.get().forEach(controller::read);
    }
}
