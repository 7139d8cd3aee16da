package io.backhoe.assess;

import org.jspecify.annotations.Nullable;

/**
 * A strategy that the state of a table suggests, and what it would write.
 *
 * @param strategy as a file has it, with the keys that make it so
 * @param recommended whether it is the one that fits best
 * @param rows that it would write, about; null where a person chooses them
 * @param growthBytes what the table grows by until vacuum has made room, at most; null likewise
 * @param undoBytes what is kept so that it can be taken back; null likewise
 * @param duration how long it would take, reckoned from sizes alone; null likewise
 * @param what it does and when it is the right one, a sentence
 */
public record Way(
        String strategy,
        boolean recommended,
        @Nullable Long rows,
        @Nullable Long growthBytes,
        @Nullable Long undoBytes,
        RunTime.@Nullable Span duration,
        String what) {
    /** For people, on one line. */
    public String line() {
        String forecast = rows == null || growthBytes == null || undoBytes == null
                ? ""
                : " About " + Amount.of(rows, "row") + "; the table grows by up to " + Amount.bytes(growthBytes) + ", "
                        + Amount.bytes(undoBytes) + " are kept for undo." + time();
        return strategy + (recommended ? " (recommended)" : "") + ": " + what + forecast;
    }

    private String time() {
        return duration == null
                ? ""
                : " Between " + Amount.time(duration.low() / 1000) + " and "
                        + Amount.time((duration.high() + 999) / 1000) + ", by its size alone: plan measures.";
    }
}
