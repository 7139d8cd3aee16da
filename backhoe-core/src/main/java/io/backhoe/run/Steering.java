package io.backhoe.run;

/** Has an execution work as hard as its signals allow, each time that it is asked to look. Confined to one thread. */
final class Steering implements Runnable {
    private final Execution execution;
    private final Crew crew;
    private int workers;

    Steering(Execution execution, Crew crew) {
        this.execution = execution;
        this.crew = crew;
        this.workers = execution.course().workers();
    }

    @Override
    public void run() {
        execution.throttling().look(execution.times());
        execution.throttling().steer();
        int wished = execution.course().workers();
        if (wished > workers) {
            crew.fill();
        }
        workers = wished;
    }
}
