package io.backhoe.run;

import io.backhoe.plan.Plan;
import io.backhoe.run.throttle.Reading;

/** Two who are told the same. */
record Listeners(RunListener first, RunListener second) implements RunListener {
    @Override
    public void plan(Plan plan) {
        first.plan(plan);
        second.plan(plan);
    }

    @Override
    public void begins(long runId) {
        first.begins(runId);
        second.begins(runId);
    }

    @Override
    public void event(String kind, String chunk, String message) {
        first.event(kind, chunk, message);
        second.event(kind, chunk, message);
    }

    @Override
    public void batch(BatchOutcome batch) {
        first.batch(batch);
        second.batch(batch);
    }

    @Override
    public void reading(Reading reading) {
        first.reading(reading);
        second.reading(reading);
    }

    @Override
    public void progress(Progress progress) {
        first.progress(progress);
        second.progress(progress);
    }
}
