package io.backhoe.run.throttle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * How many rows the next batch looks at, so that a batch takes about the target time. It grows by at most half, on the
 * 90th percentile of the last ten batches of the present size; it falls at once. Confined to one thread.
 */
public final class BatchSizer {
    private static final int WINDOW = 10;
    private static final double GROWTH = 1.5;
    private static final double DEAD_BAND = 0.1;
    private static final int FAR_TOO_SLOW = 5;

    private final int largest;
    private final int least;
    private long targetNanos;
    private final ArrayDeque<Long> window = new ArrayDeque<>();
    private int rows;

    /**
     * @param start rows of the first batch, at least 1
     * @param largest rows that no batch exceeds, at least {@code start}
     * @param target how long a batch may take
     */
    public BatchSizer(int start, int largest, Duration target) {
        this(start, largest, 1, target);
    }

    /** @param least rows below which no batch is made only because it is slow: where most of its time is the same for any size */
    public BatchSizer(int start, int largest, int least, Duration target) {
        if (least < 1 || least > start) {
            throw new IllegalArgumentException("1 <= least <= start, not " + least + ", " + start);
        }
        if (start < 1 || largest < start || target.isZero() || target.isNegative()) {
            throw new IllegalArgumentException(
                    "1 <= start <= largest and a target above zero, not " + start + ", " + largest + ", " + target);
        }
        this.rows = start;
        this.largest = largest;
        this.least = least;
        this.targetNanos = target.toNanos();
    }

    public int rows() {
        return rows;
    }

    /** Another target from now on. A shorter one makes the next batch smaller at once. */
    public void aim(Duration target) {
        long nanos = target.toNanos();
        if (nanos == targetNanos) {
            return;
        }
        double ratio = (double) nanos / targetNanos;
        targetNanos = nanos;
        window.clear();
        if (ratio < 1) {
            slower((int) (rows * ratio));
        }
    }

    /** A batch of {@link #rows()} rows took so long. A batch that was cut short by the end of its range tells nothing. */
    public void took(Duration elapsed) {
        long nanos = elapsed.toNanos();
        if (nanos > FAR_TOO_SLOW * targetNanos) {
            slower(rows / 10);
            return;
        }
        window.addLast(nanos);
        if (window.size() > WINDOW) {
            window.removeFirst();
        }
        double room = (double) targetNanos / Math.max(1, percentile90());
        if (Math.abs(room - 1) > DEAD_BAND) {
            int wished = (int) Math.max(rows * Math.min(room, GROWTH), room > 1 ? rows + 1 : 1);
            if (room > 1) {
                become(wished);
            } else {
                slower(wished);
            }
        }
    }

    /** The server gave up on the batch, or a row in it is bad: half of it next time. */
    public void halve() {
        become(rows / 2);
    }

    /** A batch has stood in somebody's way for too long: a quarter of it next time. */
    public void quarter() {
        become(rows / 4);
    }

    /** What is smaller than that for another reason does not grow by it. */
    private void slower(int wished) {
        become(Math.max(wished, Math.min(rows, least)));
    }

    private void become(int wished) {
        int next = Math.max(1, Math.min(largest, wished));
        if (next != rows) {
            rows = next;
            window.clear();
        }
    }

    private long percentile90() {
        long[] sorted = window.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(0.9 * sorted.length) - 1];
    }
}
