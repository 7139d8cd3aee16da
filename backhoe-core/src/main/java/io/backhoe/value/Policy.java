package io.backhoe.value;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much a run gives way to others.
 *
 * <p>Short batches hold their locks shortly, and rests leave a part of a worker's time to the server: with them two workers
 * on two processors do not fill both. See {@code docs/adr/0023}.
 */
public enum Policy {
    /** Production is in use: batches of 100 ms, rests twice as long as the work, and it gives way to every signal. */
    GENTLE(Duration.ofMillis(100), 2, true, false),
    /** Production is in use and has room: no pauses while all is well; vacuums where dead rows would pile up. */
    BALANCED(Duration.ofMillis(250), 0, true, true),
    /**
     * A maintenance window: it makes no pauses, and its batches are long, because what a batch pays once is a quarter of half a
     * second. Whom it blocks it lets pass, and a disk that fills up still ends it.
     */
    FAST(Duration.ofSeconds(2), 0, false, false);

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

    /** How long a worker rests, as a multiple of the time that it works. */
    public double rest() {
        return rest;
    }

    /** The same within a sentence: "rests twice as long as it works". */
    public String restWords() {
        return rest == 1 ? "as long" : rest == 2 ? "twice as long" : rest + " times as long";
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
