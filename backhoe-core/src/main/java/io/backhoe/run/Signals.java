package io.backhoe.run;

import io.backhoe.run.throttle.Reading;
import io.backhoe.value.SignalName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that watches what an execution does to others, while its workers work. */
final class Signals implements AutoCloseable {
    private static final Duration STEER_EVERY = Duration.ofMillis(200);

    private final List<Sampler> samplers = new ArrayList<>();
    private final Vacuum vacuum;
    private final Ticker steering;

    Signals(Execution execution, Crew crew) {
        this.vacuum = new Vacuum(execution);
        this.steering = new Ticker(execution, "steering", STEER_EVERY, new Steering(execution, crew));
        samplers.add(new Sampler(execution, "signals", new ServerSignals(execution, crew, vacuum)));
        if (execution.plan().spec().server().diskFree() == null) {
            // Known without asking the server, which may not answer.
            execution
                    .throttling()
                    .read(Reading.notWatched(
                            SignalName.DISK, "say in the spec what is free, server: {disk_free: 200GB}"));
        }
        var probe = execution.throttling().pacing().throttle().probe();
        if (probe != null) {
            samplers.add(new Sampler(execution, "probe", new ProbeSignal(probe, execution)));
        }
        // Whoever looks after the run writes, and so finds out what a COMMIT takes.
        execution.throttling().watch(SignalName.COMMIT_LATENCY);
    }

    void start() {
        samplers.forEach(Sampler::start);
        steering.start();
    }

    @Override
    public void close() throws InterruptedException {
        steering.close();
        vacuum.close();
        for (Sampler sampler : samplers) {
            sampler.close();
        }
    }
}
