package io.backhoe.plan;

import io.backhoe.database.Sizes;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reckons a forecast from a few rehearsed batches; {@code docs/forecast.md} has the formulas, and how far off they were.
 * Immutable.
 */
public final class ForecastModel {
    /** Rows a second and worker where nothing was measured: slow disks and many indexes, to memory and few. */
    private static final double SLOW = 2_000;

    private static final double FAST = 60_000;

    /** Where a batch ends however fast it is, as the workers have it. */
    private static final double MOST_ROWS = 100_000;

    private static final double MOST_BYTES = 16 << 20;

    /** A page in the log, without the hole in its middle. */
    private static final double PAGE_IMAGE = 7_600;

    /** Of the log, per changed row, where nothing was measured: the old row's page, the new row, an entry an index. */
    private static final double LOG_OF_ENTRY = 90;

    /** A batch is seven statements, three of them planned; what was measured is three, one of them planned. */
    private static final double OVERHEADS = 2;

    private static final double CHUNK_SECONDS = 0.012;
    /** A second, of log; the pages themselves are written beside it. */
    private static final double SLOW_DISK_BYTES = 150e6;

    private static final double LEAST_START_SECONDS = 0.15;
    private static final double MOST_START_SECONDS = 0.4;

    private final Plan plan;
    private final Sizes sizes;
    private final long expectedChanged;
    private final List<ForecastSample> samples;

    /**
     * @param expectedChanged what the server's statistics say about the rows that will be changed; -1 when nobody asked
     * @param samples batches of at least one row each; empty when nothing was rehearsed
     */
    public ForecastModel(Plan plan, Sizes sizes, long expectedChanged, List<ForecastSample> samples) {
        this.plan = plan;
        this.sizes = sizes;
        this.expectedChanged = expectedChanged;
        this.samples = List.copyOf(samples);
    }

    /** @param notRehearsed why there is no sample, or null */
    public Forecast forecast(@Nullable String notRehearsed) {
        double examined = plan.chunks().stream()
                .mapToLong(PlannedChunk::estimatedRows)
                .filter(rows -> rows > 0)
                .sum();
        var share = share(examined);
        double changed = examined * share.middle();
        double images = plan.spec().rollback().keepsInDatabase() ? changed * imageBytes() : 0;
        double rewritten = changed * (1 - hot());
        double table = rewritten * (rowBytes() + grown());
        double index = indexGrowth(examined, share.middle() * (1 - hot()));
        double wal = wal(changed);
        double disk = 1.5 * (images + table + index + Math.min(wal, sizes.maxWalBytes()));
        return new Forecast(
                sum(ForecastSample::examined),
                notRehearsed,
                Math.round(examined),
                new Forecast.Band((long) Math.floor(examined * share.low()), (long)
                        Math.ceil(Math.min(examined * share.high(), examined * 1.05))),
                duration(examined, wal),
                Math.round(wal),
                Math.round(table),
                Math.round(index),
                Math.round(images),
                Math.round(disk));
    }

    private record Share(double low, double middle, double high) {}

    /** Which part of the examined rows is written; what the statistics say counts where it is not far off. */
    private Share share(double examined) {
        double believed = expectedChanged < 0 || examined == 0 ? -1 : Math.min(1, expectedChanged / examined);
        if (samples.isEmpty()) {
            return believed < 0 ? new Share(0, 1, 1) : new Share(Math.max(0, believed / 2), believed, 1);
        }
        double seen = (double) sum(ForecastSample::changed) / sum(ForecastSample::examined);
        double spread = 0.02;
        for (ForecastSample sample : samples) {
            spread = Math.max(spread, Math.abs(part(sample) - seen));
        }
        boolean counts = believed >= 0 && Math.abs(believed - seen) <= 0.25;
        double low = Math.max(0, Math.min(seen, counts ? believed : seen) - spread);
        double high = Math.min(1, Math.max(seen, counts ? believed : seen) + spread);
        return new Share(low, counts ? (seen + believed) / 2 : seen, high * 1.02);
    }

    private static double part(ForecastSample sample) {
        return (double) sample.changed() / sample.examined();
    }

    /**
     * The best case is the fastest sample and workers that do not get in each other's way; the worst is a slow one and
     * workers that hardly help each other, while the disk has to keep up with the log and with checkpoints.
     */
    private Forecast.Band duration(double examined, double wal) {
        int workers = plan.spec().strategy().parallelism();
        double[] rates = samples.stream()
                .mapToDouble(s -> seconds(s) / s.examined())
                .sorted()
                .toArray();
        double fast = samples.isEmpty() ? 1 / FAST : rates[0];
        double slow = samples.isEmpty() ? 1 / SLOW : (rates[rates.length / 2] + rates[rates.length - 1]) / 2;
        double least =
                samples.stream().mapToDouble(ForecastModel::overhead).min().orElse(0.001);
        double mean =
                samples.stream().mapToDouble(ForecastModel::overhead).average().orElse(0.010);
        double low = LEAST_START_SECONDS + busy(examined, fast, least) / workers;
        double high = MOST_START_SECONDS + busy(examined, slow, mean) / Math.pow(workers, 0.3) + wal / SLOW_DISK_BYTES;
        return new Forecast.Band((long) Math.floor(low * 1000 * 0.65), (long) Math.ceil(high * 1000 * 1.3));
    }

    private static double overhead(ForecastSample sample) {
        return sample.overhead().toNanos() / 1e9;
    }

    private static double seconds(ForecastSample sample) {
        return sample.took().toNanos() / 1e9;
    }

    /** What one worker alone would take, with the pauses of its policy. */
    private double busy(double examined, double secondsARow, double overhead) {
        var policy = plan.spec().pacing().effectivePolicy();
        // What it rests within its statements is a part of the time that a batch is given.
        double working = policy.batchTime().toMillis() / 1e3 / (1 + policy.rest());
        double rows = Math.min(working / secondsARow, MOST_ROWS);
        double batchRows = Math.max(
                1, Math.min(rows, MOST_BYTES / Math.max(1, plan.access().rowBytes())));
        double batches = Math.max(examined / batchRows, plan.chunks().size());
        return (1 + policy.rest()) * (examined * secondsARow + batches * overhead * OVERHEADS)
                + plan.chunks().size() * CHUNK_SECONDS;
    }

    /**
     * What is logged of each row, and once for each page that is changed after a checkpoint. The few pages of a rehearsal
     * count too much: each batch begins and ends in the middle of one, in the table and in each index.
     */
    private double wal(double changed) {
        double indexes = sizes.indexes();
        long seen = sum(ForecastSample::changed);
        if (seen == 0) {
            return changed * (LOG_OF_ENTRY * (1 + indexes) + rowBytes() + imageBytes())
                    + pages() * Math.min(1, changed / Math.max(1, sizes.rows())) * PAGE_IMAGE;
        }
        double logged = sum(ForecastSample::walBytes);
        double pageImages = sum(ForecastSample::pageImages);
        double least = LOG_OF_ENTRY * seen / 2;
        double records = Math.max(least, logged - pageImages * PAGE_IMAGE) / seen;
        double edges = samples.size() * (1 + indexes) / 2;
        double pagesARow = Math.max(0, pageImages - edges) / seen;
        double withoutPages = changed * records;
        double cycles = Math.max(1, Math.ceil(withoutPages / Math.max(1, sizes.maxWalBytes() / 2.0)));
        return withoutPages + Math.min(changed * pagesARow, pages() * cycles) * PAGE_IMAGE;
    }

    /**
     * A leaf that gets more than it has room for is cut in two, and from then on half of it is free: so the growth is not
     * in proportion to the new entries. Leaves of an index that has lived for a while are about three quarters full.
     */
    private double indexGrowth(double examined, double rewrittenShare) {
        double part = sizes.rows() > 0 ? Math.min(1, examined / sizes.rows()) : 1;
        return sizes.indexBytes() * part * Math.min(1, 2 * rewrittenShare);
    }

    private double pages() {
        return (sizes.heapBytes() + sizes.indexBytes()) / 8192.0;
    }

    private double rowBytes() {
        return sizes.rows() > 0 ? (double) sizes.heapBytes() / sizes.rows() : 100;
    }

    private double imageBytes() {
        double measured = samples.isEmpty() ? 0 : mean(ForecastSample::imageBytes);
        // to the next multiple of eight, and a pointer of four bytes
        return measured == 0 ? plan.access().rowBytes() + 8 : Math.ceil(measured / 8) * 8 + 4;
    }

    private double grown() {
        return samples.isEmpty() ? 0 : Math.max(0, mean(ForecastSample::grownBytes));
    }

    private double hot() {
        long changed = sum(ForecastSample::changed);
        return changed == 0 ? 0 : (double) sum(ForecastSample::hot) / changed;
    }

    private long sum(ToLongFunction<ForecastSample> what) {
        return samples.stream().mapToLong(what).sum();
    }

    private double mean(ToDoubleFunction<ForecastSample> what) {
        return samples.stream().mapToDouble(what).average().orElse(0);
    }
}
