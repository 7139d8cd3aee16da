package io.backhoe.run;

import io.backhoe.plan.Plan;
import io.backhoe.run.throttle.Reading;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Told what happens while it happens. Called from several threads; must be quick, and must not throw. */
public interface RunListener {
    RunListener NONE = new RunListener() {};

    /** Before anything else: what is going to be executed. */
    default void plan(Plan plan) {}

    /** The run's number. */
    default void begins(long runId) {}

    /** The kinds of events. A later version may have more: what {@link #of} does not know is to be passed over. */
    enum Kind {
        /** The run is in another state, or has been taken over in it; its name is the message. */
        STATE,
        /** A chunk has ended well; the message is the word of its state. */
        CHUNK_DONE,
        /** A chunk has failed, and keeps its position for a retry; the others go on. */
        CHUNK_FAILED,
        /** A batch was rolled back and is tried again. */
        RETRY,
        /** A row that could not be changed was set aside. */
        QUARANTINED,
        /** An idle worker takes over a part of a chunk. */
        SPLIT,
        /** A connection was lost, or is waited for. */
        RECONNECT,
        /** Somebody has changed the pace. */
        TUNED,
        /** The run works less hard, or harder again, or waits, for the sake of others; the message says why. */
        THROTTLE,
        /** Something about the pace that somebody should look at: what is late, what holds for long. */
        WARNING,
        /** A signal cannot be read here; the message says what cures it. The plan says so too. */
        NOT_WATCHED,
        /** A check was asked; the message says what came of it. */
        CHECK,
        /** Something about the end of the work that somebody should know. */
        STOP,
        /** Those who are told of the run do not hear of it; the message says why. */
        WEBHOOK_LOST,
        /** They hear of it again. */
        WEBHOOK_BACK,
        /** Something about the backup outside of the database: a batch that waits for it, what could not be written. */
        BACKUP,
        /** Somebody asked for what this version does not know. */
        REQUEST;

        /** As {@link RunListener#event} has it: {@code chunk_done}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Empty for a kind that is not known here. */
        public static Optional<Kind> of(String word) {
            return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
        }
    }

    /**
     * @param kind the word of a {@link Kind}
     * @param chunk the chunk's id, or an empty text
     * @param message for people; holds no row values
     */
    default void event(String kind, String chunk, String message) {}

    /** A batch has committed, or has come to nothing. Called between two batches: must be quicker still. */
    default void batch(BatchOutcome batch) {}

    /** A signal says something about what the run does to others; about once a second each. */
    default void reading(Reading reading) {}

    /** About once a second. */
    default void progress(Progress progress) {}

    /** Both, this one first. */
    default RunListener and(RunListener other) {
        return new Listeners(this, other);
    }
}
