package io.backhoe.run;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** A first part of a run, after which it stops so that a person can look at it. Thread-safe. */
final class Canary {
    /** Where there is none, and where somebody has looked already. */
    static final Canary NONE = new Canary(Long.MAX_VALUE, 0, 0);

    private final long rows;
    private final double percent;
    private final AtomicLong examined;

    private Canary(long rows, double percent, long examined) {
        this.rows = rows;
        this.percent = percent;
        this.examined = new AtomicLong(examined);
    }

    /**
     * A share of the rows.
     *
     * @param examined before, by an execution that did not get so far
     */
    static Canary of(double percent, long estimatedRows, long examined) {
        return new Canary(Math.max(1, Math.round(estimatedRows * percent / 100)), percent, examined);
    }

    /** How many rows a batch may have, that wished so many. */
    int most(int wished) {
        return (int) Math.max(1, Math.min(wished, rows - examined.get()));
    }

    void examined(long more, Gate gate) {
        if (this != NONE && examined.addAndGet(more) >= rows) {
            gate.close(Halt.afterCanary(said()));
        }
    }

    private String said() {
        return String.format(
                Locale.ROOT,
                "the canary of %s %% is done, %,d rows were examined: look at them; resume goes on with the rest",
                Double.toString(percent).replaceAll("\\.0$", ""),
                examined.get());
    }
}
