package io.backhoe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void wordsStandLeftAndNumbersRight() {
        var table = new TextTable("chunk", ">rows", "state");
        table.row("2023-01", "9", "success");
        table.row("x", "1,000", "failed");

        assertThat(table.lines())
                .containsExactly(
                        "  chunk     rows  state", //
                        "  2023-01      9  success",
                        "  x        1,000  failed");
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThatThrownBy(() -> new TextTable("one", "two").row("1")).isInstanceOf(IllegalArgumentException.class);
    }
}
