package io.backhoe.run;

import io.backhoe.database.Database;
import io.backhoe.ledger.ChunkTable;
import io.backhoe.ledger.Phase;
import io.backhoe.ledger.RunRecord;
import io.backhoe.ledger.SegmentTable;
import io.backhoe.plan.Plan;
import io.backhoe.run.batch.BatchStatements;
import io.backhoe.run.chunk.SegmentQueue;
import io.backhoe.run.throttle.BatchTimes;
import io.backhoe.run.throttle.Breaker;
import io.backhoe.run.throttle.Course;
import io.backhoe.run.throttle.Losses;
import io.backhoe.transform.Call;
import io.backhoe.value.Time;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of one executor share. Thread-safe.
 *
 * @param backing where before-images go besides the database; null where they go nowhere else
 */
record Execution(
        Database database,
        Plan plan,
        RunRecord run,
        BatchStatements statements,
        Call call,
        SegmentTable segments,
        ChunkTable chunks,
        SegmentQueue queue,
        Order order,
        Gate gate,
        Breaker breaker,
        Throttling throttling,
        Canary canary,
        Losses losses,
        BatchTimes times,
        Lookout lookout,
        @Nullable Backing backing,
        Tally tally,
        Time time,
        RunListener listener) {

    /** How hard to work right now. */
    Course course() {
        return throttling.course();
    }

    Phase phase() {
        return run.undoing() ? Phase.UNDO : Phase.RUN;
    }
}
