package io.backhoe.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> KEYS = List.of("table", "date_column", "on", "from", "parallelism");

    @Test
    void countsSwappedNeighboursAsOneMistake() {
        assertThat(Spelling.distance("tabel", "table")).isEqualTo(1);
        assertThat(Spelling.distance("", "ab")).isEqualTo(2);
        assertThat(Spelling.distance("same", "same")).isZero();
    }

    @Test
    void suggestsOnlyWhatIsNearEnough() {
        assertThat(Spelling.nearest("tabel", KEYS)).isEqualTo("table");
        assertThat(Spelling.nearest("dateColumn", KEYS)).isEqualTo("date_column");
        assertThat(Spelling.nearest("Table", KEYS)).isEqualTo("table");
        assertThat(Spelling.nearest("form", KEYS)).isEqualTo("from");
        assertThat(Spelling.nearest("colour", KEYS)).isNull();
        assertThat(Spelling.nearest("x", KEYS)).isNull();
    }
}
