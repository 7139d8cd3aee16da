package io.backhoe.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StretchesTest {
    @Test
    void takesLittleWhole() {
        assertThat(Stretches.of(0, 0.01).whole()).isTrue();
        assertThat(Stretches.of(128, 0.01).taken()).containsExactly(new Stretches.Stretch(0, 128));
        assertThat(Stretches.of(128, 0.01).said()).isEqualTo("all");
    }

    @Test
    void takesEverythingInPieces() {
        var all = Stretches.of(300, 1);

        assertThat(all.taken())
                .containsExactly(
                        new Stretches.Stretch(0, 128),
                        new Stretches.Stretch(128, 256),
                        new Stretches.Stretch(256, 300));
        assertThat(all.whole()).isTrue();
    }

    @Test
    void spreadsASampleOverAll() {
        var some = Stretches.of(100_000, 0.01);

        assertThat(some.whole()).isFalse();
        assertThat(some.read()).isBetween(950L, 1_050L);
        assertThat(some.taken()).allSatisfy(s -> assertThat(s.end()).isLessThanOrEqualTo(100_000));
        assertThat(some.taken().get(some.taken().size() - 1).first()).isGreaterThan(98_000);
        assertThat(some.said()).isEqualTo("sampled 1.0 %");
    }
}
