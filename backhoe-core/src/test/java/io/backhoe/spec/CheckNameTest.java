package io.backhoe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckNameTest {
    @Test
    void takesTheExactColumnBeforeAnyThatEndsInIt() {
        assertThat(CheckName.resolve("verify_no_nulls_in_tier", List.of("customer_tier", "tier")))
                .isEqualTo(new CheckName("verify_no_nulls_in_tier", "tier", null));
    }

    @Test
    void takesTheOnlyColumnThatEndsInItAndSaysSo() {
        assertThat(CheckName.resolve("no_nulls_in_tier", List.of("customer_tier", "frontier")))
                .isEqualTo(new CheckName(
                        "no_nulls_in_tier",
                        "customer_tier",
                        "'no_nulls_in_tier' is taken to mean column customer_tier"));
    }

    @Test
    void listsTheCandidatesWhenItCannotTell() {
        assertThatThrownBy(() ->
                        CheckName.resolve("verify_no_nulls_in_tier", List.of("customer_tier", "product_tier", "total")))
                .hasMessageEndingWith("it could be one of customer_tier, product_tier");
        assertThatThrownBy(() -> CheckName.resolve("verify_no_nulls_in_tier", List.of("total", "frontier")))
                .hasMessageEndingWith("it could be one of total, frontier");
    }

    @Test
    void findsNoColumnInOtherNames() {
        assertThat(CheckName.resolve("verify_row_counts", List.of("a")).column())
                .isNull();
        assertThat(CheckName.resolve("verify_no_nulls_in_", List.of("a")).column())
                .isNull();
    }
}
