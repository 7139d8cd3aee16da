package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HintUrlTest {
    @Test
    void passwordsAreLeftOut() {
        assertThat(HintUrl.of("postgresql://ann:sekret@db/shop", null)).isEqualTo("postgresql://ann@db/shop");
        assertThat(HintUrl.of("jdbc:postgresql://db/shop?user=ann&password=sekret", null))
                .doesNotContain("sekret");
    }

    @Test
    void whatTheShellWouldTakeApartIsQuoted() {
        assertThat(HintUrl.of("postgresql://db/shop?sslmode=require", null))
                .isEqualTo("'postgresql://db/shop?sslmode=require'");
        assertThat(HintUrl.of("postgresql://${env:HOST}/shop", null)).isEqualTo("'postgresql://${env:HOST}/shop'");
        assertThat(HintUrl.of("postgresql://db/it's", null)).isEqualTo("'postgresql://db/it'\\''s'");
    }

    @Test
    void theUserOfAFileIsPutIn() {
        assertThat(HintUrl.of("postgresql://db/shop", "ann")).isEqualTo("postgresql://ann@db/shop");
        assertThat(HintUrl.of("postgresql://bob@db/shop", "ann")).isEqualTo("postgresql://bob@db/shop");
    }

    @Test
    void aPathIsAWordForTheShell() {
        assertThat(HintUrl.quoted("plans/targets.yaml")).isEqualTo("plans/targets.yaml");
        assertThat(HintUrl.quoted("my plans/targets.yaml")).isEqualTo("'my plans/targets.yaml'");
    }
}
