package io.backhoe.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KolmogorovSmirnovTest {
    @Test
    void isTheLargestDistanceBetweenTheTwoFunctions() {
        // At 2 half of the first lies behind and none of the second.
        assertThat(of(new double[] {4, 2, 3, 1}, new double[] {3, 4, 5, 6})).isEqualTo(0.5);
        // At 1 two of three, and one of three.
        assertThat(of(new double[] {1, 1, 2}, new double[] {1, 2, 2})).isCloseTo(1 / 3.0, within(1e-12));
        // At 10 one of five, and all of two.
        assertThat(of(new double[] {10, 20, 30, 40, 50}, new double[] {9, 10})).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void isNothingForTheSameAndOneForThoseThatDoNotMeet() {
        assertThat(of(new double[] {1, 2, 2}, new double[] {2, 1, 2, 1, 2, 2})).isZero();
        assertThat(of(new double[] {1, 2}, new double[] {3})).isEqualTo(1);
        assertThat(of(new double[] {Double.NaN, 1}, new double[] {Double.NaN, 1}))
                .isZero();
    }

    @Test
    void takesWeightsForNumbersThatStandForMore() {
        // At 1 three of four, and one of two.
        var one = new TreeMap<>(Map.of(1.0, 3.0, 2.0, 1.0));
        assertThat(KolmogorovSmirnov.of(one, new TreeMap<>(Map.of(1.0, 5.0, 3.0, 5.0))))
                .isEqualTo(0.5);
        assertThat(KolmogorovSmirnov.of(one, new TreeMap<>(Map.of(1.0, 30.0, 2.0, 10.0))))
                .isZero();
    }

    @Test
    void knowsNoSampleOfNothing() {
        assertThatThrownBy(() -> of(new double[0], new double[] {1})).hasMessage("a sample of nothing");
    }

    private static double of(double[] one, double[] other) {
        double distance = KolmogorovSmirnov.of(one, other);
        assertThat(KolmogorovSmirnov.of(other, one)).isEqualTo(distance);
        return distance;
    }
}
