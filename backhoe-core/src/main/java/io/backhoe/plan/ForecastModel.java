package io.backhoe.plan;

import io.backhoe.assess.RunTime;
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

    private Forecast.Band duration(double examined, double wal) {
        double[] rates = samples.stream()
                .mapToDouble(s -> seconds(s) / s.examined())
                .sorted()
                .toArray();
        var fast = RunTime.FAST;
        var slow = RunTime.SLOW;
        if (!samples.isEmpty()) {
            fast = new RunTime.Pace(
                    rates[0],
                    samples.stream().mapToDouble(ForecastModel::overhead).min().orElseThrow());
            slow = new RunTime.Pace(
                    (rates[rates.length / 2] + rates[rates.length - 1]) / 2,
                    samples.stream()
                            .mapToDouble(ForecastModel::overhead)
                            .average()
                            .orElseThrow());
        }
        var span = new RunTime(
                        plan.spec().strategy().parallelism(),
                        plan.spec().pacing().effectivePolicy(),
                        plan.chunks().size(),
                        plan.access().rowBytes())
                .of(examined, fast, slow, wal);
        return new Forecast.Band(span.low(), span.high());
    }

    private static double overhead(ForecastSample sample) {
        return sample.overhead().toNanos() / 1e9;
    }

    private static double seconds(ForecastSample sample) {
        return sample.took().toNanos() / 1e9;
    }

    /**
     * What is logged of each row, and once for each page that is changed after a checkpoint. The few pages of a rehearsal
     * count too much: each batch begins and ends in the middle of one, in the table and in each index.
     */
    private double wal(double changed) {
        double indexes = sizes.indexes();
        long seen = sum(ForecastSample::changed);
        if (seen == 0) {
            return RunTime.wal(
                    changed,
                    sizes.indexes(),
                    rowBytes() + imageBytes(),
                    pages() * Math.min(1, changed / Math.max(1, sizes.rows())));
        }
        double logged = sum(ForecastSample::walBytes);
        double pageImages = sum(ForecastSample::pageImages);
        double least = RunTime.LOG_OF_ENTRY * seen / 2;
        double records = Math.max(least, logged - pageImages * RunTime.PAGE_IMAGE) / seen;
        double edges = samples.size() * (1 + indexes) / 2;
        double pagesARow = Math.max(0, pageImages - edges) / seen;
        double withoutPages = changed * records;
        double cycles = Math.max(1, Math.ceil(withoutPages / Math.max(1, sizes.maxWalBytes() / 2.0)));
        return withoutPages + Math.min(changed * pagesARow, pages() * cycles) * RunTime.PAGE_IMAGE;
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
