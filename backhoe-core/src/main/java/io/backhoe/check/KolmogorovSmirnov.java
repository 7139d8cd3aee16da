package io.backhoe.check;

import java.util.Arrays;

/**
 * The two-sample statistic of Kolmogorov and Smirnov: the largest distance, 0 to 1, between the empirical distribution
 * functions of two samples (N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", Ann. Math.
 * Statist. 19, 1948).
 */
final class KolmogorovSmirnov {
    private KolmogorovSmirnov() {}

    /** @throws IllegalArgumentException when one of the samples is empty */
    static double of(double[] one, double[] other) {
        if (one.length == 0 || other.length == 0) {
            throw new IllegalArgumentException("a sample of nothing");
        }
        double[] a = sorted(one);
        double[] b = sorted(other);
        int i = 0;
        int j = 0;
        double largest = 0;
        while (i < a.length && j < b.length) {
            // Both step over a value that they share before they are compared: at a tie neither is ahead.
            double at = Double.compare(a[i], b[j]) <= 0 ? a[i] : b[j];
            while (i < a.length && Double.compare(a[i], at) <= 0) {
                i++;
            }
            while (j < b.length && Double.compare(b[j], at) <= 0) {
                j++;
            }
            largest = Math.max(largest, Math.abs((double) i / a.length - (double) j / b.length));
        }
        return largest;
    }

    private static double[] sorted(double[] values) {
        double[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }
}
