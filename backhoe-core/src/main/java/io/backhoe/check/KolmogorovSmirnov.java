package io.backhoe.check;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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
        return of(counted(one), counted(other));
    }

    /** @param one number to its weight, as {@code other}; neither weighs nothing */
    static double of(SortedMap<Double, Double> one, SortedMap<Double, Double> other) {
        double allOne = weight(one);
        double allOther = weight(other);
        var numbers = new TreeSet<>(one.keySet());
        numbers.addAll(other.keySet());
        double belowOne = 0;
        double belowOther = 0;
        double largest = 0;
        for (Double number : numbers) {
            belowOne += one.getOrDefault(number, 0.0);
            belowOther += other.getOrDefault(number, 0.0);
            largest = Math.max(largest, Math.abs(belowOne / allOne - belowOther / allOther));
        }
        return largest;
    }

    private static double weight(SortedMap<Double, Double> numbers) {
        return numbers.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static SortedMap<Double, Double> counted(double[] values) {
        var numbers = new TreeMap<Double, Double>();
        for (double value : values) {
            numbers.merge(value, 1.0, Double::sum);
        }
        return numbers;
    }
}
