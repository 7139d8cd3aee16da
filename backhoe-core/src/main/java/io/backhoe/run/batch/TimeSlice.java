package io.backhoe.run.batch;

import io.backhoe.database.BatchSql;
import java.time.Duration;
import java.util.Map;

/**
 * When a write works: for the first {@code work} of each period of the server's clock, which begins so much earlier than
 * the clock's own. Workers with offsets of their own do not work at the same time, as far as there is room. Immutable.
 *
 * @param periodMicros 0 to work all the time
 * @param workMicros less than the period
 */
public record TimeSlice(long periodMicros, long workMicros, long offsetMicros) {
    /** All of the time. */
    public static final TimeSlice ALL = new TimeSlice(0, 0, 0);

    /** What a server can sleep is so many of these. */
    private static final int SLEEP_MICROS = 1_000;

    /** Locks are held meanwhile; what is to be rested besides comes after the batch. */
    private static final long LONGEST_SLEEP_MICROS = 10_000;

    /** The work between two sleeps, where the rest is a whole number of times as long: short for a scheduler's slice. */
    private static final int WORK_MICROS = 1_000;

    /**
     * @param rest as a multiple of the work, 0 or more
     * @param place of the worker, from 0
     * @param workers how many share the period, at least 1
     */
    public static TimeSlice of(double rest, int place, int workers) {
        if (rest <= 0) {
            return ALL;
        }
        long wished = SLEEP_MICROS * Math.max(1, Math.round(Math.ceil(rest * WORK_MICROS / SLEEP_MICROS - 1e-9)));
        long sleep = Math.min(LONGEST_SLEEP_MICROS, wished);
        long work = Math.round(wished / rest);
        long period = work + sleep;
        return new TimeSlice(period, work, period * place / workers);
    }

    /** What the write is given. */
    Map<String, String> parameters() {
        return Map.of(
                BatchSql.SLICE_PERIOD, Long.toString(periodMicros),
                BatchSql.SLICE_WORK, Long.toString(workMicros),
                BatchSql.SLICE_OFFSET, Long.toString(offsetMicros));
    }

    /**
     * For how long of what it took a batch has rested, about: it looks at the clock at each row that it writes, and sleeps
     * there once at most.
     */
    public Duration rested(Duration took, long rows) {
        if (periodMicros == 0) {
            return Duration.ZERO;
        }
        long sleep = periodMicros - workMicros;
        double share = (double) sleep / periodMicros;
        return Duration.ofNanos((long) Math.min(share * took.toNanos(), 1e3 * sleep * rows));
    }
}
