package io.backhoe.value;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much a run gives way to others.
 *
 * <p>Short batches hold their locks shortly, and a pause as long as the batch leaves half of a worker's time to the
 * server: with it two workers on two processors do not fill both.
 */
public enum Policy {
    /** Production is in use: batches of 100 ms, a pause as long as each, and it gives way to every signal. */
    GENTLE(Duration.ofMillis(100), 1, true, false),
    /** Production is in use and has room: no pauses while all is well; vacuums where dead rows would pile up. */
    BALANCED(Duration.ofMillis(250), 0, true, true),
    /** A maintenance window: it makes no pauses. Whom it blocks it lets pass, and a disk that fills up still ends it. */
    FAST(Duration.ofMillis(500), 0, false, false);

    private final Duration batchTime;
    private final double rest;
    private final boolean yields;
    private final boolean vacuums;

    Policy(Duration batchTime, double rest, boolean yields, boolean vacuums) {
        this.batchTime = batchTime;
        this.rest = rest;
        this.yields = yields;
        this.vacuums = vacuums;
    }

    /** How long a batch may take when nobody says otherwise. */
    public Duration batchTime() {
        return batchTime;
    }

    /** How long a worker pauses after a batch, as a multiple of what the batch took. */
    public double rest() {
        return rest;
    }

    /** Whether it slows down and waits for signals. */
    public boolean yields() {
        return yields;
    }

    /** Whether the table is vacuumed between chunks when nobody says otherwise. */
    public boolean vacuums() {
        return vacuums;
    }

    /** As files and commands have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for a word that is none of them. */
    public static Optional<Policy> of(String word) {
        return Stream.of(values()).filter(p -> p.word().equals(word)).findFirst();
    }
}
