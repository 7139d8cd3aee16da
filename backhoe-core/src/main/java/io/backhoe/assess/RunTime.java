package io.backhoe.assess;

import io.backhoe.value.Policy;

/**
 * How long a run takes, from what its rows and batches do; {@code docs/forecast.md} has the formula.
 *
 * @param workers at the same time
 * @param chunks how many there are
 * @param rowBytes what a row weighs in a batch
 */
public record RunTime(int workers, Policy policy, int chunks, double rowBytes) {
    /** Where nothing was measured: slow disks and many indexes, to memory and few. */
    public static final Pace SLOW = new Pace(1 / 2_000.0, 0.010);

    public static final Pace FAST = new Pace(1 / 60_000.0, 0.001);

    /** Of the log, per changed row, at least: the old row's page, the new row, an entry an index. */
    public static final double LOG_OF_ENTRY = 90;

    /** A page in the log, without the hole in its middle. */
    public static final double PAGE_IMAGE = 7_600;

    /** Where a batch ends however fast it is, as the workers have it. */
    private static final double MOST_ROWS = 100_000;

    private static final double MOST_BYTES = 16 << 20;

    /** From so many rows on a join is reckoned by a hash, once a batch. */
    private static final double LARGE_BATCH = 40_000;

    /** A batch is seven statements, three of them planned; what was measured is three, one of them planned. */
    private static final double OVERHEADS = 2;

    private static final double CHUNK_SECONDS = 0.012;

    /** A second, of log; the pages themselves are written beside it. */
    private static final double SLOW_DISK_BYTES = 150e6;

    private static final double LEAST_START_SECONDS = 0.15;
    private static final double MOST_START_SECONDS = 0.4;

    /**
     * How fast one worker is.
     *
     * @param secondsARow that it examines
     * @param overhead seconds of a batch besides
     */
    public record Pace(double secondsARow, double overhead) {}

    /** Milliseconds between which eight of ten runs are expected to end. */
    public record Span(long low, long high) {}

    /**
     * The best case is the fastest pace and workers that do not get in each other's way; the worst is a slow one and
     * workers that hardly help each other, while the disk has to keep up with the log and with checkpoints.
     */
    public Span of(double examined, Pace fast, Pace slow, double walBytes) {
        double low = LEAST_START_SECONDS + busy(examined, fast) / workers;
        double high = MOST_START_SECONDS + busy(examined, slow) / Math.pow(workers, 0.3) + walBytes / SLOW_DISK_BYTES;
        return new Span((long) Math.floor(low * 1000 * best(examined, fast)), (long) Math.ceil(high * 1000 * 1.3));
    }

    /** What is left of a row's time in larger batches than those that were measured. */
    private double best(double examined, Pace pace) {
        return Math.min(batchRows(pace), examined / Math.max(1, chunks)) >= LARGE_BATCH ? 0.45 : 0.65;
    }

    /** How many rows a batch has, where there are as many. */
    private double batchRows(Pace pace) {
        // What it rests within its statements is a part of the time that a batch is given.
        double working = policy.batchTime().toMillis() / 1e3 / (1 + policy.rest());
        double rows = Math.min(working / pace.secondsARow(), MOST_ROWS);
        return Math.max(1, Math.min(rows, MOST_BYTES / Math.max(1, rowBytes)));
    }

    /** What one worker alone would take, with the pauses of its policy. */
    private double busy(double examined, Pace pace) {
        double batches = Math.max(examined / batchRows(pace), chunks);
        return (1 + policy.rest()) * (examined * pace.secondsARow() + batches * pace.overhead() * OVERHEADS)
                + chunks * CHUNK_SECONDS;
    }

    /**
     * The log of rows that are changed, where nothing was measured.
     *
     * @param rowBytes of a row of the table, and of its image
     * @param pages of the table and its indexes of which each is logged whole once
     */
    public static double wal(double changed, int indexes, double rowBytes, double pages) {
        return changed * (LOG_OF_ENTRY * (1 + indexes) + rowBytes) + pages * PAGE_IMAGE;
    }
}
