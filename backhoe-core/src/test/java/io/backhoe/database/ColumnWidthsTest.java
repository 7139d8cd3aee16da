package io.backhoe.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnWidthsTest {
    private static final ColumnWidths WIDTHS = new ColumnWidths(Map.of("region", 3, "id", 8, "tier", 6, "note", 100));

    @Test
    void anImageHoldsTheKeyOnceAndOldAndNewValues() {
        assertThat(WIDTHS.image(List.of("region", "id"), List.of("tier"))).isEqualTo(3 + 8 + 2 * 6 + 28);
        assertThat(WIDTHS.image(List.of("id"), List.of("tier", "note"))).isEqualTo(8 + 2 * (6 + 100) + 28);
    }
}
