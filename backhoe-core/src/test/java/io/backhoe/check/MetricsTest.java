package io.backhoe.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.backhoe.database.Row;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void keepsTheCommonValuesOfChunksSoThatTheyCanBeComparedAgain() {
        var rows = List.of(row("a"), row("b"), row(null), row("a"), row(""));
        String kept = Metrics.write(Map.of("tier", Metrics.of(ColumnSample.of(rows, 0), false)));

        assertThat(kept)
                .isEqualTo("{\"tier\":{\"rows\":5,\"nulls\":1,\"distinct\":3,\"top\":{\"a\":2,\"\":1,\"b\":1}}}");
        var read = Metrics.read(kept, "tier");
        assertThat(read.top()).containsOnly(Map.entry("a", 2L), Map.entry("b", 1L), Map.entry("", 1L));
        assertThat(read.rows()).isEqualTo(5);
        assertThat(read.nulls()).isEqualTo(1);
    }

    @Test
    void keepsTheQuantilesOfNumbers() {
        var rows = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> row(Integer.toString(i)))
                .toList();
        String kept = Metrics.write(Map.of("n", Metrics.of(ColumnSample.of(rows, 0), true)));

        assertThat(Metrics.read(kept, "n").quantiles())
                .hasSize(21)
                .startsWith("0.0", "5.0", "10.0")
                .endsWith("95.0", "100.0");
    }

    private static Row row(@Nullable String value) {
        return new Row(Collections.singletonList(value));
    }
}
