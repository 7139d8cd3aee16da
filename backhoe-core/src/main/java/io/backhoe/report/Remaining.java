package io.backhoe.report;

import io.backhoe.ledger.ChunkRecord;
import io.backhoe.plan.Forecast;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long the rest will take at the rate of the work so far, as a band: as wide as the rates of chunks that were done in
 * one go differ (from the tenth to the ninetieth of a hundred, half and double at most), and two thirds to one and a half
 * while there are fewer than five of them.
 */
final class Remaining {
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final int RATES = 5;

    private Remaining() {}

    static Forecast.@Nullable Band of(RunAccount account) {
        var run = account.run();
        if (!account.going()) {
            return null;
        }
        boolean undoing = run.undoing();
        long done = undoing
                ? account.report().restored() + account.report().kept()
                : account.report().examined();
        long all = undoing ? account.report().changed() : account.estimatedRows();
        var took = undoing ? account.undone() : account.worked();
        if (took.compareTo(MEASURED) < 0 || done * 100 < all || done == 0 || all <= done) {
            return null;
        }
        double millis = (all - done) * (double) took.toMillis() / done;
        double[] spread =
                undoing ? new double[] {2 / 3.0, 1.5} : spread(account.report().chunks());
        return new Forecast.Band(Math.round(millis / spread[1]), Math.round(millis / spread[0]));
    }

    /** How much slower and faster than the median chunks are. */
    private static double[] spread(List<ChunkRecord> chunks) {
        double[] rates = chunks.stream()
                .filter(c -> c.attempts() == 1 && c.examined() > 0)
                .mapToDouble(Remaining::rate)
                .filter(rate -> rate > 0)
                .sorted()
                .toArray();
        if (rates.length < RATES) {
            return new double[] {2 / 3.0, 1.5};
        }
        double median = rates[rates.length / 2];
        double slow = rates[rates.length / 10] / median;
        double fast = rates[(int) Math.min(rates.length - 1L, rates.length * 9L / 10)] / median;
        return new double[] {Math.max(0.5, Math.min(1, slow)), Math.min(2, Math.max(1, fast))};
    }

    private static double rate(ChunkRecord chunk) {
        if (chunk.startedAt() == null || chunk.endedAt() == null) {
            return 0;
        }
        long millis = Duration.between(chunk.startedAt(), chunk.endedAt()).toMillis();
        return millis <= 0 ? 0 : chunk.examined() / (double) millis;
    }

    /** No finer than it can be known. */
    static String rounded(long millis) {
        double seconds = millis / 1000.0;
        if (seconds < 10) {
            return "less than 10 s";
        }
        long step = seconds < 60 ? 5 : seconds < 600 ? 10 : seconds < 7200 ? 60 : 600;
        return Numbers.time(Duration.ofSeconds(Math.round(seconds / step) * step));
    }
}
