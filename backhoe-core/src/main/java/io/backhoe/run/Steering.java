package io.backhoe.run;

import io.backhoe.ledger.Limit;

/** Has an execution work as hard as its signals allow, each time that it is asked to look. Confined to one thread. */
final class Steering implements Runnable {
    private final Execution execution;
    private final Crew crew;
    private int workers;
    private long looked;

    Steering(Execution execution, Crew crew) {
        this.execution = execution;
        this.crew = crew;
        this.workers = execution.course().workers();
        this.looked = execution.time().nanos();
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
        atHome();
    }

    /** Who has been sent home could have worked, where there is work for more than are here. */
    private void atHome() {
        long now = execution.time().nanos();
        long since = looked;
        looked = now;
        Limit limit = execution.throttling().limit();
        var course = execution.course();
        int home = execution.throttling().most() - course.workers();
        boolean allBusy = execution.queue().busy().size() >= course.workers();
        if (limit != null && home > 0 && (allBusy || execution.queue().hasWaiting())) {
            execution.losses().waste(limit.signal(), home * (now - since));
        }
    }
}
