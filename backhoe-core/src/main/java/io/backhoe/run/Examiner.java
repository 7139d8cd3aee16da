package io.backhoe.run;

import io.backhoe.database.Session;
import io.backhoe.ledger.CheckRecord;
import io.backhoe.ledger.RunRecord;
import io.backhoe.run.batch.UntouchedColumns;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks whether a run came out right. The run knows no check; it knows what their answers mean for its state. */
public interface Examiner {
    Examiner NONE = new Examiner() {};

    /**
     * Asks all there is to ask when all that could be written is written; may take long. Called on a thread of its own.
     *
     * @param run in state {@code VERIFYING}
     * @param told each answer as soon as it is there
     * @return an answer to each question; what could not be told is one
     */
    default List<CheckRecord> examine(RunRecord run, Consumer<CheckRecord> told) {
        return List.of();
    }

    /**
     * Asks what there is to ask of a first part of a run, after which somebody looks at it. As {@link #examine} otherwise.
     *
     * @param run in state {@code RUNNING}
     */
    default List<CheckRecord> examineCanary(RunRecord run, Consumer<CheckRecord> told) {
        return List.of();
    }

    /** From another thread: {@link #examine} is to end soon. Its answers are dropped. */
    default void stop() {}

    /** What batches compare themselves; null when nobody asked for that. */
    default @Nullable UntouchedColumns untouched(Session session) {
        return null;
    }
}
