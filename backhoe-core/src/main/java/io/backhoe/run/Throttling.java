package io.backhoe.run;

import io.backhoe.ledger.Limit;
import io.backhoe.ledger.SignalRecord;
import io.backhoe.ledger.Tuning;
import io.backhoe.plan.Plan;
import io.backhoe.run.throttle.BatchTimes;
import io.backhoe.run.throttle.Controller;
import io.backhoe.run.throttle.Course;
import io.backhoe.run.throttle.Decision;
import io.backhoe.run.throttle.Limits;
import io.backhoe.run.throttle.Reading;
import io.backhoe.spec.Pacing;
import io.backhoe.value.Policy;
import io.backhoe.value.SignalName;
import io.backhoe.value.Time;
import io.backhoe.value.WorkHours;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** How hard an execution works, and what becomes of what is decided about that. Thread-safe. */
final class Throttling {
    private final Pacing pacing;
    private final Time time;
    private final RunListener listener;
    private final Controller controller;
    private final Queue<Decision> untold = new ConcurrentLinkedQueue<>();
    private volatile Course course;

    /**
     * @param pacing the plan's, or what is left of it to take a run back
     * @param tuned in order; what comes later counts
     */
    Throttling(Plan plan, Pacing pacing, List<Tuning> tuned, Time time, RunListener listener) {
        var spec = plan.spec();
        this.pacing = pacing;
        this.time = time;
        this.listener = listener;
        var asked = new EnumMap<SignalName, Double>(SignalName.class);
        asked.putAll(pacing.throttle().limits());
        var probe = pacing.throttle().probe();
        if (probe != null) {
            asked.put(SignalName.PROBE, probe.limit());
        }
        this.controller = new Controller(
                pacing.effectivePolicy(),
                Limits.of(spec.server().cpus(), asked),
                spec.strategy().parallelism(),
                time::nanos);
        tuned.forEach(controller::tune);
        controller.closed(closed());
        this.course = controller.course();
    }

    Course course() {
        return course;
    }

    Pacing pacing() {
        return pacing;
    }

    Policy policy() {
        return controller.policy();
    }

    /** How many workers there are at full effort. */
    int most() {
        return controller.most();
    }

    @Nullable
    Double limit(SignalName name) {
        return controller.limit(name);
    }

    /** Whether the table is vacuumed between chunks. */
    boolean vacuums() {
        return pacing.vacuums(controller.policy());
    }

    void watch(SignalName name) {
        controller.watch(name);
    }

    void read(Reading reading) {
        controller.read(reading);
        listener.reading(reading);
    }

    void unread(List<SignalName> names, String why) {
        controller.unread(names, why);
    }

    void tune(Tuning tuning) {
        controller.tune(tuning);
        steer();
    }

    /** What keeps the run from its full speed; null when nothing does. */
    @Nullable
    Limit limit() {
        return controller.limit();
    }

    /** Takes what the signals say into account from now on. */
    void steer() {
        // Whoever listens may take his time, or ask what is decided: nobody else waits for that.
        decide().forEach(this::tell);
    }

    private synchronized List<Decision> decide() {
        controller.closed(closed());
        controller.decide();
        course = controller.course();
        return controller.drain();
    }

    /** What each signal says now. */
    List<SignalRecord> signals() {
        return controller.signals();
    }

    /** What batches take is known here, without asking anybody. */
    void look(BatchTimes times) {
        double share = times.ofAim(time.nanos()).orElse(0);
        controller.read(Reading.of(SignalName.BATCH_TIME, 100 * share, ""));
    }

    /** Also for what somebody else has to say about the pace. */
    void tell(Decision decision) {
        listener.event(kind(decision).word(), "", decision.message());
        untold.add(decision);
    }

    static RunListener.Kind kind(Decision decision) {
        return switch (decision.kind()) {
            case COURSE -> RunListener.Kind.THROTTLE;
            case WARNING -> RunListener.Kind.WARNING;
            case NOT_WATCHED -> RunListener.Kind.NOT_WATCHED;
        };
    }

    /** What the ledger has not been told yet, one after the other; null when it knows all. */
    @Nullable
    Decision next() {
        return untold.peek();
    }

    /** The ledger knows the next one now. */
    void told() {
        untold.poll();
    }

    private @Nullable Limit closed() {
        WorkHours hours = pacing.runBetween();
        if (hours == null || hours.isOpen(time.now())) {
            return null;
        }
        LocalTime there = time.now().atZone(hours.zone()).toLocalTime().truncatedTo(ChronoUnit.MINUTES);
        return new Limit(Turn.RUN_BETWEEN, "it is " + there + " there", hours.toString());
    }
}
