package io.backhoe.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PsiTest {
    @Test
    void isWhatTheFormulaGivesByHand() {
        // (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5) = 0.1 * 0.1823216 + 0.1 * 0.2231436
        assertThat(Psi.of(Map.of("a", 50L, "b", 50L), Map.of("a", 6L, "b", 4L))).isCloseTo(0.0405465, within(1e-7));
        // (0.7 - 0.2) ln(0.7 / 0.2) + 0 + (0.1 - 0.6) ln(0.1 / 0.6) = 0.5 * 1.2527630 + 0.5 * 1.7917595
        assertThat(Psi.of(Map.of("a", 2L, "b", 2L, "c", 6L), Map.of("a", 70L, "b", 20L, "c", 10L)))
                .isCloseTo(1.5222612, within(1e-7));
    }

    @Test
    void takesACategoryThatOneOfThemLacksForVeryRare() {
        // (1 - 0.5) ln(1 / 0.5) + (0.0001 - 0.5) ln(0.0001 / 0.5) = 0.3465736 + 0.4999 * 8.5171932
        assertThat(Psi.of(Map.of("a", 1L, "b", 1L), Map.of("a", 9L))).isCloseTo(4.6043185, within(1e-6));
    }

    @Test
    void isNothingWhereSharesAreTheSame() {
        assertThat(Psi.of(Map.of("a", 1L, "b", 3L), Map.of("a", 100L, "b", 300L)))
                .isZero();
    }

    @Test
    void knowsNoDistributionOfNothing() {
        assertThatThrownBy(() -> Psi.of(Map.of(), Map.of("a", 1L))).hasMessage("a distribution of nothing");
    }
}
