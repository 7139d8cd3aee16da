package io.backhoe.check;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The population stability index of two distributions over categories: the sum, over the categories, of {@code (a - e) *
 * ln(a / e)} with {@code e} and {@code a} the shares expected and actual. It is the symmetric divergence of H. Jeffreys
 * ("An invariant form for the prior probability in estimation problems", Proc. R. Soc. A 186, 1946); name and the
 * customary bounds, 0.1 and 0.25, are those of N. Siddiqi, "Credit Risk Scorecards" (Wiley, 2006).
 */
final class Psi {
    /** Stands for a share of nothing, whose logarithm would be endless. */
    static final double LEAST = 0.0001;

    private Psi() {}

    /** @throws IllegalArgumentException when one of the two counts nothing */
    static double of(Map<String, ? extends Number> expected, Map<String, ? extends Number> actual) {
        double allExpected = sum(expected);
        double allActual = sum(actual);
        if (allExpected == 0 || allActual == 0) {
            throw new IllegalArgumentException("a distribution of nothing");
        }
        var categories = new TreeSet<>(expected.keySet());
        categories.addAll(actual.keySet());
        double psi = 0;
        for (String category : categories) {
            double e = Math.max(LEAST, share(expected.get(category), allExpected));
            double a = Math.max(LEAST, share(actual.get(category), allActual));
            psi += (a - e) * Math.log(a / e);
        }
        return psi;
    }

    private static double share(@Nullable Number count, double all) {
        return count == null ? 0 : count.doubleValue() / all;
    }

    private static double sum(Map<String, ? extends Number> counts) {
        return counts.values().stream().mapToDouble(Number::doubleValue).sum();
    }
}
